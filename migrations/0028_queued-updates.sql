CREATE TABLE "queued_updates" (
	"bot_id" bigint NOT NULL,
	"update_id" bigint NOT NULL,
	"body" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"taken_by" text,
	"taken" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "queued_updates_bot_id_update_id_pk" PRIMARY KEY("bot_id","update_id")
);
