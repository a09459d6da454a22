ALTER TABLE "campaigns" ADD COLUMN "idle_seconds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "ungathered" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "joined_at" timestamp with time zone;--> statement-breakpoint
-- Who was imported shares the instant of a whole batch; who started the bot has one of their own. No statistic looks back
-- further than this, and more rows would make the upgrade of a large list take minutes.
UPDATE "recipients" r SET "joined_at" = r."created_at"
FROM (
	SELECT "bot_id", "created_at" FROM "recipients" WHERE "created_at" > now() - interval '60 days'
	GROUP BY "bot_id", "created_at" HAVING count(*) = 1
) alone
WHERE r."bot_id" = alone."bot_id" AND r."created_at" = alone."created_at" AND r."kind" = 'person';
