CREATE TABLE "poll_answers" (
	"bot_id" bigint NOT NULL,
	"campaign_id" bigint NOT NULL,
	"poll_id" text NOT NULL,
	"voter_id" bigint NOT NULL,
	"name" text NOT NULL,
	"username" text,
	"choices" text[] NOT NULL,
	"answered_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "poll_answers_bot_id_campaign_id_poll_id_voter_id_pk" PRIMARY KEY("bot_id","campaign_id","poll_id","voter_id")
);
--> statement-breakpoint
CREATE TABLE "poll_totals" (
	"bot_id" bigint NOT NULL,
	"campaign_id" bigint NOT NULL,
	"version" text DEFAULT '' NOT NULL,
	"what" text NOT NULL,
	"option" text DEFAULT '' NOT NULL,
	"count" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "poll_totals_bot_id_campaign_id_version_what_option_pk" PRIMARY KEY("bot_id","campaign_id","version","what","option")
);
--> statement-breakpoint
CREATE TABLE "polls" (
	"bot_id" bigint NOT NULL,
	"poll_id" text NOT NULL,
	"campaign_id" bigint NOT NULL,
	"version" text,
	"tally" jsonb,
	CONSTRAINT "polls_bot_id_poll_id_pk" PRIMARY KEY("bot_id","poll_id")
);
--> statement-breakpoint
CREATE INDEX "polls_campaign" ON "polls" USING btree ("bot_id","campaign_id","poll_id");