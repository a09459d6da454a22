ALTER TYPE "public"."pause_reason" ADD VALUE 'incomplete' BEFORE 'unauthorized';--> statement-breakpoint
CREATE TABLE "taps" (
	"bot_id" bigint NOT NULL,
	"campaign_id" bigint NOT NULL,
	"button" text NOT NULL,
	"what" text NOT NULL,
	"count" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "taps_bot_id_campaign_id_what_button_pk" PRIMARY KEY("bot_id","campaign_id","what","button")
);
--> statement-breakpoint
CREATE TABLE "votes" (
	"bot_id" bigint NOT NULL,
	"campaign_id" bigint NOT NULL,
	"user_id" bigint NOT NULL,
	"choice" text NOT NULL,
	"voted_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "votes_bot_id_campaign_id_user_id_pk" PRIMARY KEY("bot_id","campaign_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "pause_language" text;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "incomplete_waived" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "message_ids" integer[];--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "calls_done" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "version" text;--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "pinned_message_id" integer;