CREATE TABLE "list_members" (
	"bot_id" bigint NOT NULL,
	"list_id" bigint NOT NULL,
	"chat_id" bigint NOT NULL,
	CONSTRAINT "list_members_bot_id_list_id_chat_id_pk" PRIMARY KEY("bot_id","list_id","chat_id")
);
--> statement-breakpoint
CREATE TABLE "lists" (
	"bot_id" bigint NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "lists_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"key" text NOT NULL,
	"created_by" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lists_bot_id_id_pk" PRIMARY KEY("bot_id","id")
);
--> statement-breakpoint
CREATE INDEX "list_members_person" ON "list_members" USING btree ("bot_id","chat_id");--> statement-breakpoint
CREATE UNIQUE INDEX "lists_key" ON "lists" USING btree ("bot_id","key");