ALTER TABLE "campaigns" ADD COLUMN "details_dropped_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "dropped_to" integer DEFAULT 0 NOT NULL;