CREATE TABLE "code_pools" (
	"home_id" bigint NOT NULL,
	"id" bigint NOT NULL,
	"made" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "code_pools_home_id_id_pk" PRIMARY KEY("home_id","id")
);
--> statement-breakpoint
CREATE TABLE "codes" (
	"home_id" bigint NOT NULL,
	"pool_id" bigint NOT NULL,
	"code" text NOT NULL,
	"place" integer NOT NULL,
	"given_at" timestamp with time zone,
	"user_id" bigint,
	"round" integer DEFAULT 0 NOT NULL,
	"campaign_id" bigint,
	CONSTRAINT "codes_home_id_pool_id_code_pk" PRIMARY KEY("home_id","pool_id","code")
);
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "code_pool" bigint;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "code_round" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "codes_returned_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "series" ADD COLUMN "code_pool" bigint;--> statement-breakpoint
CREATE UNIQUE INDEX "codes_person" ON "codes" USING btree ("home_id","user_id","pool_id","round") WHERE user_id is not null;--> statement-breakpoint
CREATE INDEX "codes_free" ON "codes" USING btree ("home_id","pool_id","place") WHERE given_at is null;