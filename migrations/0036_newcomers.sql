ALTER TABLE "campaigns" ADD COLUMN "step" jsonb;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "joined_cursor" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "recipients_joined" ON "recipients" USING btree ("bot_id","joined_at","chat_id") WHERE joined_at is not null and kind = 'person';