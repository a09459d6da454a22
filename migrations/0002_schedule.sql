ALTER TYPE "public"."pause_reason" ADD VALUE 'late';--> statement-breakpoint
CREATE TABLE "chats" (
	"bot_id" bigint NOT NULL,
	"chat_id" bigint NOT NULL,
	"title" text NOT NULL,
	"username" text,
	"is_forum" boolean DEFAULT false NOT NULL,
	"rights" jsonb NOT NULL,
	"pinned_message_id" integer,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "chats_bot_id_chat_id_pk" PRIMARY KEY("bot_id","chat_id")
);
--> statement-breakpoint
CREATE TABLE "errands" (
	"bot_id" bigint NOT NULL,
	"campaign_id" bigint NOT NULL,
	"seq" integer NOT NULL,
	"what" text NOT NULL,
	"chat_id" bigint NOT NULL,
	"message_id" integer NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "errands_bot_id_campaign_id_seq_what_pk" PRIMARY KEY("bot_id","campaign_id","seq","what")
);
--> statement-breakpoint
CREATE TABLE "preferences" (
	"bot_id" bigint NOT NULL,
	"user_id" bigint NOT NULL,
	"timezone" text NOT NULL,
	CONSTRAINT "preferences_bot_id_user_id_pk" PRIMARY KEY("bot_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "series" (
	"bot_id" bigint NOT NULL,
	"id" bigint NOT NULL,
	"content" jsonb NOT NULL,
	"audience" jsonb NOT NULL,
	"recurrence" jsonb NOT NULL,
	"window" jsonb,
	"late_policy" text DEFAULT 'ask' NOT NULL,
	"created_by" bigint NOT NULL,
	"agreed_count" integer,
	"made" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "series_bot_id_id_pk" PRIMARY KEY("bot_id","id")
);
--> statement-breakpoint
CREATE TABLE "topics" (
	"bot_id" bigint NOT NULL,
	"chat_id" bigint NOT NULL,
	"thread_id" integer NOT NULL,
	"name" text NOT NULL,
	"closed" boolean DEFAULT false NOT NULL,
	CONSTRAINT "topics_bot_id_chat_id_thread_id_pk" PRIMARY KEY("bot_id","chat_id","thread_id")
);
--> statement-breakpoint
ALTER TABLE "bots" ADD COLUMN "settings" jsonb;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "window" jsonb;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "late_policy" text DEFAULT 'ask' NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "late_seconds" integer;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "recurrence" jsonb;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "series_id" bigint;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "run" integer;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "changes" bigint;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "changes_revision" integer;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "agreed_count" integer;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "reminded_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "thread_id" integer;--> statement-breakpoint
CREATE INDEX "errands_due" ON "errands" USING btree ("bot_id","what","due_at");--> statement-breakpoint
CREATE INDEX "campaigns_series" ON "campaigns" USING btree ("bot_id","series_id","run");