CREATE TABLE "forgotten" (
	"bot_id" bigint NOT NULL,
	"hash" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "forgotten_bot_id_hash_pk" PRIMARY KEY("bot_id","hash")
);
--> statement-breakpoint
ALTER TABLE "homes" ADD COLUMN "forget_key" text;