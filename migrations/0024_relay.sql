CREATE TABLE "heard_updates" (
	"bot_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"update_id" bigint NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "heard_updates_bot_id_subject_pk" PRIMARY KEY("bot_id","subject")
);
