CREATE TABLE "webhook_messages" (
	"home_id" bigint NOT NULL,
	"webhook_id" bigint NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "webhook_messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"event_id" text NOT NULL,
	"event" text NOT NULL,
	"payload" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone,
	"delivered_at" timestamp with time zone,
	"last_at" timestamp with time zone,
	"last_status" integer,
	"last_fault" text,
	CONSTRAINT "webhook_messages_home_id_webhook_id_id_pk" PRIMARY KEY("home_id","webhook_id","id")
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"home_id" bigint NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "webhooks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"url" text NOT NULL,
	"events" text[] NOT NULL,
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_until" timestamp with time zone,
	"created_by" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"disabled_why" text,
	"disabled_at" timestamp with time zone,
	"failing_since" timestamp with time zone,
	"last_at" timestamp with time zone,
	"last_status" integer,
	"last_fault" text,
	CONSTRAINT "webhooks_home_id_id_pk" PRIMARY KEY("home_id","id")
);
--> statement-breakpoint
CREATE INDEX "webhook_messages_due" ON "webhook_messages" USING btree ("home_id","webhook_id","next_at") WHERE next_at is not null;