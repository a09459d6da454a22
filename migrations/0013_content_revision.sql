ALTER TABLE "errands" RENAME TO "follow_ups";--> statement-breakpoint
ALTER TABLE "follow_ups" RENAME CONSTRAINT "errands_bot_id_campaign_id_seq_what_pk" TO "follow_ups_bot_id_campaign_id_seq_what_pk";--> statement-breakpoint
ALTER INDEX "errands_due" RENAME TO "follow_ups_due";--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "content_revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "content_revision" integer;
