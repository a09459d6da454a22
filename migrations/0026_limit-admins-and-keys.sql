ALTER TABLE "admins" ADD COLUMN "bots" bigint[];--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "bots" bigint[];