CREATE TABLE "welcomes" (
	"bot_id" bigint NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "welcomes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text DEFAULT '' NOT NULL,
	"content" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"refusal" text,
	CONSTRAINT "welcomes_bot_id_id_pk" PRIMARY KEY("bot_id","id")
);
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "welcome_for" text;--> statement-breakpoint
CREATE UNIQUE INDEX "welcomes_source" ON "welcomes" USING btree ("bot_id","source");