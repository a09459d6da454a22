CREATE TABLE "troubles" (
	"bot_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"facts" jsonb NOT NULL,
	CONSTRAINT "troubles_bot_id_kind_pk" PRIMARY KEY("bot_id","kind")
);
