CREATE TABLE "departures" (
	"bot_id" bigint NOT NULL,
	"campaign_id" bigint NOT NULL,
	"user_id" bigint NOT NULL,
	"left_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "departures_bot_id_campaign_id_user_id_pk" PRIMARY KEY("bot_id","campaign_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "category" integer;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "departed" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "left_categories" integer[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "series" ADD COLUMN "category" integer;