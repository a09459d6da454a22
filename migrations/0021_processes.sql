CREATE TABLE "processes" (
	"home_id" bigint NOT NULL,
	"holder" text NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "processes_home_id_holder_pk" PRIMARY KEY("home_id","holder")
);
