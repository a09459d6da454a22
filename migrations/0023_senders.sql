ALTER TABLE "senders" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "senders" ADD COLUMN "username" text;--> statement-breakpoint
ALTER TABLE "senders" ADD COLUMN "sealed_token" text;--> statement-breakpoint
ALTER TABLE "senders" ADD COLUMN "handling" text DEFAULT 'answers' NOT NULL;--> statement-breakpoint
ALTER TABLE "senders" ADD COLUMN "rate" double precision;--> statement-breakpoint
ALTER TABLE "senders" ADD COLUMN "added_by" bigint;--> statement-breakpoint
ALTER TABLE "senders" ADD COLUMN "added_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "senders" ADD COLUMN "token_refused_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "senders" ADD COLUMN "removed_at" timestamp with time zone;