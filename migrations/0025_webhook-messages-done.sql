DROP INDEX "webhook_messages_due";--> statement-breakpoint
CREATE INDEX "webhook_messages_done" ON "webhook_messages" USING btree ("home_id","webhook_id","id") WHERE next_at is null;--> statement-breakpoint
CREATE INDEX "webhook_messages_due" ON "webhook_messages" USING btree ("home_id","webhook_id","next_at","id") WHERE next_at is not null;