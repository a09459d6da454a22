CREATE TABLE "media" (
	"bot_id" bigint NOT NULL,
	"file_unique_id" text NOT NULL,
	"file_id" text NOT NULL,
	"kind" text NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "media_bot_id_file_unique_id_pk" PRIMARY KEY("bot_id","file_unique_id")
);
