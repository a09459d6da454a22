CREATE TABLE "inbox_messages" (
	"bot_id" bigint NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "inbox_messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"chat_id" bigint NOT NULL,
	"direction" text NOT NULL,
	"from_chat" bigint NOT NULL,
	"message_id" integer NOT NULL,
	"edited_at" integer DEFAULT 0 NOT NULL,
	"album_id" text,
	"reply_to" integer,
	"state" text DEFAULT 'waiting' NOT NULL,
	"copy_chat" bigint,
	"copy_id" integer,
	"untold" boolean DEFAULT false NOT NULL,
	"description" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbox_messages_bot_id_id_pk" PRIMARY KEY("bot_id","id")
);
--> statement-breakpoint
CREATE TABLE "inbox_threads" (
	"bot_id" bigint NOT NULL,
	"chat_id" bigint NOT NULL,
	"group_id" bigint,
	"thread_id" integer,
	"card_id" integer,
	"card_drawn_at" timestamp with time zone,
	"closed" boolean DEFAULT false NOT NULL,
	"blocked" boolean DEFAULT false NOT NULL,
	"passed_over" integer DEFAULT 0 NOT NULL,
	"answered_at" timestamp with time zone,
	"first_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbox_threads_bot_id_chat_id_pk" PRIMARY KEY("bot_id","chat_id")
);
--> statement-breakpoint
CREATE TABLE "inboxes" (
	"bot_id" bigint PRIMARY KEY NOT NULL,
	"mode" text NOT NULL,
	"answer" jsonb,
	"group_id" bigint,
	"locale" text NOT NULL,
	"set_by" bigint NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "inbox_messages_source" ON "inbox_messages" USING btree ("bot_id","from_chat","message_id","edited_at");--> statement-breakpoint
CREATE INDEX "inbox_messages_copy" ON "inbox_messages" USING btree ("bot_id","copy_chat","copy_id") WHERE copy_id is not null;--> statement-breakpoint
CREATE INDEX "inbox_messages_open" ON "inbox_messages" USING btree ("bot_id","direction","id") WHERE state in ('waiting', 'leaving') or untold;--> statement-breakpoint
CREATE INDEX "inbox_messages_person" ON "inbox_messages" USING btree ("bot_id","chat_id","at");--> statement-breakpoint
CREATE INDEX "inbox_messages_at" ON "inbox_messages" USING btree ("bot_id","at");--> statement-breakpoint
CREATE INDEX "inbox_threads_topic" ON "inbox_threads" USING btree ("bot_id","group_id","thread_id");--> statement-breakpoint
CREATE INDEX "inbox_threads_passed_over" ON "inbox_threads" USING btree ("bot_id") WHERE passed_over > 0;