CREATE TYPE "public"."campaign_state" AS ENUM('draft', 'scheduled', 'running', 'paused', 'finished', 'cancelled', 'expired');--> statement-breakpoint
CREATE TYPE "public"."delivery_state" AS ENUM('pending', 'sending', 'sent', 'failed', 'skipped', 'uncertain');--> statement-breakpoint
CREATE TYPE "public"."pause_reason" AS ENUM('admin', 'errors', 'content', 'unauthorized');--> statement-breakpoint
CREATE TYPE "public"."recipient_kind" AS ENUM('person', 'group', 'channel');--> statement-breakpoint
CREATE TYPE "public"."recipient_status" AS ENUM('active', 'blocked', 'deactivated', 'unreachable');--> statement-breakpoint
CREATE TABLE "admins" (
	"bot_id" bigint NOT NULL,
	"user_id" bigint NOT NULL,
	"name" text NOT NULL,
	"added_by" bigint NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "admins_bot_id_user_id_pk" PRIMARY KEY("bot_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"bot_id" bigint NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "audit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_id" bigint NOT NULL,
	"action" text NOT NULL,
	"subject" bigint,
	CONSTRAINT "audit_bot_id_id_pk" PRIMARY KEY("bot_id","id")
);
--> statement-breakpoint
CREATE TABLE "bots" (
	"bot_id" bigint PRIMARY KEY NOT NULL,
	"last_campaign" integer DEFAULT 0 NOT NULL,
	"quiet_until" timestamp with time zone,
	"lease_holder" text,
	"lease_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"bot_id" bigint NOT NULL,
	"id" bigint NOT NULL,
	"state" "campaign_state" DEFAULT 'draft' NOT NULL,
	"pause_reason" "pause_reason",
	"pause_detail" text,
	"content" jsonb NOT NULL,
	"audience" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_by" bigint NOT NULL,
	"origin_key" text NOT NULL,
	"starts_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"freeze_cursor" bigint,
	"frozen_at" timestamp with time zone,
	"errors_waived" boolean DEFAULT false NOT NULL,
	"total" integer DEFAULT 0 NOT NULL,
	"sent" integer DEFAULT 0 NOT NULL,
	"blocked" integer DEFAULT 0 NOT NULL,
	"deactivated" integer DEFAULT 0 NOT NULL,
	"unreachable" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"skipped" integer DEFAULT 0 NOT NULL,
	"uncertain" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "campaigns_bot_id_id_pk" PRIMARY KEY("bot_id","id")
);
--> statement-breakpoint
CREATE TABLE "cards" (
	"bot_id" bigint NOT NULL,
	"campaign_id" bigint NOT NULL,
	"chat_id" bigint NOT NULL,
	"message_id" integer NOT NULL,
	"view" text DEFAULT 'card' NOT NULL,
	"final" boolean DEFAULT false NOT NULL,
	CONSTRAINT "cards_bot_id_campaign_id_chat_id_pk" PRIMARY KEY("bot_id","campaign_id","chat_id")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"bot_id" bigint NOT NULL,
	"campaign_id" bigint NOT NULL,
	"seq" integer NOT NULL,
	"chat_id" bigint NOT NULL,
	"state" "delivery_state" DEFAULT 'pending' NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"claims" integer DEFAULT 0 NOT NULL,
	"not_before" timestamp with time zone,
	"message_id" integer,
	"reason" text,
	"description" text,
	"settled_at" timestamp with time zone,
	CONSTRAINT "deliveries_bot_id_campaign_id_seq_pk" PRIMARY KEY("bot_id","campaign_id","seq")
);
--> statement-breakpoint
CREATE TABLE "dialogs" (
	"bot_id" bigint NOT NULL,
	"chat_id" bigint NOT NULL,
	"state" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "dialogs_bot_id_chat_id_pk" PRIMARY KEY("bot_id","chat_id")
);
--> statement-breakpoint
CREATE TABLE "recipients" (
	"bot_id" bigint NOT NULL,
	"chat_id" bigint NOT NULL,
	"kind" "recipient_kind" DEFAULT 'person' NOT NULL,
	"language" text,
	"language_chosen" boolean DEFAULT false NOT NULL,
	"first_name" text,
	"last_name" text,
	"username" text,
	"phone" text,
	"is_premium" boolean DEFAULT false NOT NULL,
	"status" "recipient_status" DEFAULT 'active' NOT NULL,
	"status_changed_at" timestamp with time zone,
	"opted_out_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "recipients_bot_id_chat_id_pk" PRIMARY KEY("bot_id","chat_id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "campaigns_origin" ON "campaigns" USING btree ("bot_id","origin_key");--> statement-breakpoint
CREATE INDEX "campaigns_state" ON "campaigns" USING btree ("bot_id","state","starts_at");--> statement-breakpoint
CREATE INDEX "deliveries_pending" ON "deliveries" USING btree ("bot_id","campaign_id","seq") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "deliveries_sending" ON "deliveries" USING btree ("bot_id","campaign_id") WHERE state = 'sending';--> statement-breakpoint
CREATE INDEX "deliveries_unsuccessful" ON "deliveries" USING btree ("bot_id","campaign_id","reason") WHERE state in ('failed', 'uncertain');--> statement-breakpoint
CREATE INDEX "recipients_reachable" ON "recipients" USING btree ("bot_id","language","chat_id") WHERE status = 'active' and opted_out_at is null;