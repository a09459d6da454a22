CREATE TABLE "bundle_people" (
	"home_id" bigint NOT NULL,
	"bundle_id" bigint NOT NULL,
	"user_id" bigint NOT NULL,
	CONSTRAINT "bundle_people_home_id_bundle_id_user_id_pk" PRIMARY KEY("home_id","bundle_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "bots" bigint[];--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "numbers" bigint[];--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "bundle_id" bigint;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "each_once" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "series" ADD COLUMN "bundle_id" bigint;--> statement-breakpoint
ALTER TABLE "series" ADD COLUMN "each_once" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "campaigns_bundle" ON "campaigns" USING btree ("home_id","bundle_id","id") WHERE bundle_id is not null;