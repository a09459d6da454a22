DROP INDEX "campaigns_origin";--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "home_id" bigint;--> statement-breakpoint
UPDATE "campaigns" SET "home_id" = coalesce((SELECT "senders"."home_id" FROM "senders" WHERE "senders"."bot_id" = "campaigns"."bot_id"), "campaigns"."bot_id");--> statement-breakpoint
ALTER TABLE "campaigns" ALTER COLUMN "home_id" SET NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "campaigns_number" ON "campaigns" USING btree ("home_id","id");--> statement-breakpoint
CREATE INDEX "campaigns_home_state" ON "campaigns" USING btree ("home_id","state","starts_at");--> statement-breakpoint
CREATE UNIQUE INDEX "campaigns_origin" ON "campaigns" USING btree ("home_id","origin_key");