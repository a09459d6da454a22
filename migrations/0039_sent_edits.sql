CREATE TABLE "sent_edits" (
	"bot_id" bigint NOT NULL,
	"campaign_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"pause_reason" text,
	"pause_detail" text,
	"content_revision" integer NOT NULL,
	"created_by" bigint NOT NULL,
	"total" integer NOT NULL,
	"edited" integer DEFAULT 0 NOT NULL,
	"unchanged" integer DEFAULT 0 NOT NULL,
	"gone" integer DEFAULT 0 NOT NULL,
	"refused" integer DEFAULT 0 NOT NULL,
	"cursor" integer,
	"waiting" integer[] DEFAULT '{}' NOT NULL,
	"runs_since" timestamp with time zone DEFAULT now() NOT NULL,
	"done_before" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "sent_edits_bot_id_campaign_id_number_pk" PRIMARY KEY("bot_id","campaign_id","number")
);
--> statement-breakpoint
CREATE INDEX "sent_edits_running" ON "sent_edits" USING btree ("bot_id","campaign_id") WHERE state = 'running';