CREATE TABLE "news" (
	"bot_id" bigint NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "news_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"campaign_id" bigint NOT NULL,
	"what" text NOT NULL,
	"actor_id" bigint,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"watchers" bigint[] DEFAULT '{}' NOT NULL,
	"told" bigint[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "news_bot_id_id_pk" PRIMARY KEY("bot_id","id")
);
