ALTER TABLE "campaigns" ALTER COLUMN "pause_reason" SET DATA TYPE text;--> statement-breakpoint
DROP TYPE "public"."pause_reason";