CREATE TABLE "homes" (
	"home_id" bigint PRIMARY KEY NOT NULL,
	"last_campaign" integer DEFAULT 0 NOT NULL,
	"settings" jsonb
);
--> statement-breakpoint
INSERT INTO "homes" ("home_id", "last_campaign", "settings") SELECT "bot_id", "last_campaign", "settings" FROM "bots";--> statement-breakpoint
ALTER TABLE "bots" RENAME TO "senders";--> statement-breakpoint
ALTER INDEX "bots_pkey" RENAME TO "senders_pkey";--> statement-breakpoint
ALTER TABLE "senders" ADD COLUMN "home_id" bigint;--> statement-breakpoint
UPDATE "senders" SET "home_id" = "bot_id";--> statement-breakpoint
ALTER TABLE "senders" ALTER COLUMN "home_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "senders" DROP COLUMN "last_campaign";--> statement-breakpoint
ALTER TABLE "senders" DROP COLUMN "settings";--> statement-breakpoint
ALTER TABLE "admins" RENAME COLUMN "bot_id" TO "home_id";--> statement-breakpoint
ALTER TABLE "admins" RENAME CONSTRAINT "admins_bot_id_user_id_pk" TO "admins_home_id_user_id_pk";--> statement-breakpoint
ALTER TABLE "audit" RENAME COLUMN "bot_id" TO "home_id";--> statement-breakpoint
ALTER TABLE "audit" RENAME CONSTRAINT "audit_bot_id_id_pk" TO "audit_home_id_id_pk";--> statement-breakpoint
ALTER TABLE "cards" RENAME COLUMN "bot_id" TO "home_id";--> statement-breakpoint
ALTER TABLE "cards" RENAME CONSTRAINT "cards_bot_id_campaign_id_chat_id_pk" TO "cards_home_id_campaign_id_chat_id_pk";--> statement-breakpoint
ALTER TABLE "dialogs" RENAME COLUMN "bot_id" TO "home_id";--> statement-breakpoint
ALTER TABLE "dialogs" RENAME CONSTRAINT "dialogs_bot_id_chat_id_pk" TO "dialogs_home_id_chat_id_pk";--> statement-breakpoint
ALTER TABLE "news" RENAME COLUMN "bot_id" TO "home_id";--> statement-breakpoint
ALTER TABLE "news" RENAME CONSTRAINT "news_bot_id_id_pk" TO "news_home_id_id_pk";--> statement-breakpoint
ALTER TABLE "preferences" RENAME COLUMN "bot_id" TO "home_id";--> statement-breakpoint
ALTER TABLE "preferences" RENAME CONSTRAINT "preferences_bot_id_user_id_pk" TO "preferences_home_id_user_id_pk";--> statement-breakpoint
ALTER TABLE "troubles" RENAME COLUMN "bot_id" TO "home_id";--> statement-breakpoint
ALTER TABLE "troubles" ADD COLUMN "bot_id" bigint;--> statement-breakpoint
UPDATE "troubles" SET "bot_id" = "home_id";--> statement-breakpoint
ALTER TABLE "troubles" ALTER COLUMN "bot_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "troubles" DROP CONSTRAINT "troubles_bot_id_kind_pk";--> statement-breakpoint
ALTER TABLE "troubles" ADD CONSTRAINT "troubles_home_id_bot_id_kind_pk" PRIMARY KEY("home_id","bot_id","kind");
