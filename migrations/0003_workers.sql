CREATE TABLE "job" (
	"workspace_id" text NOT NULL,
	"id" uuid NOT NULL,
	"key" text NOT NULL,
	"run_id" uuid,
	"node" text,
	"kind" text NOT NULL,
	"spec" json NOT NULL,
	"inputs" json NOT NULL,
	"needs" json NOT NULL,
	"tenant" text NOT NULL,
	"priority" smallint DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"losses" smallint DEFAULT 0 NOT NULL,
	"worker_id" uuid,
	"lease_until" timestamp with time zone,
	"cancel_requested" boolean DEFAULT false NOT NULL,
	"progress" json,
	"checkpoint" json,
	"outputs" json,
	"summary" json,
	"error" json,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "job_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "job_event" (
	"workspace_id" text NOT NULL,
	"job_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"number" integer NOT NULL,
	"event" json NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "job_event_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	CONSTRAINT "job_event_workspace_id_job_id_attempt_number_pk" PRIMARY KEY("workspace_id","job_id","attempt","number")
);
--> statement-breakpoint
CREATE TABLE "deployment" (
	"workspace_id" text NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"revision" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "deployment_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "deployment_revision" (
	"workspace_id" text NOT NULL,
	"deployment_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"target" json NOT NULL,
	"note" text,
	"run_id" uuid,
	"key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "deployment_revision_workspace_id_deployment_id_revision_pk" PRIMARY KEY("workspace_id","deployment_id","revision")
);
--> statement-breakpoint
CREATE TABLE "model" (
	"workspace_id" text NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "model_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "model_version" (
	"workspace_id" text NOT NULL,
	"model_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"base" text NOT NULL,
	"form" text NOT NULL,
	"files" json NOT NULL,
	"data_digest" text NOT NULL,
	"settings" json NOT NULL,
	"metrics" json NOT NULL,
	"job_id" uuid NOT NULL,
	"run_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "model_version_workspace_id_model_id_version_pk" PRIMARY KEY("workspace_id","model_id","version")
);
--> statement-breakpoint
CREATE TABLE "worker" (
	"workspace_id" text NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"engine_token" "bytea",
	"offer" json,
	"beat" json,
	"drained_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone,
	CONSTRAINT "worker_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "worker_enrolment" (
	"workspace_id" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "worker_enrolment_workspace_id_digest_pk" PRIMARY KEY("workspace_id","digest")
);
--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "only" json;--> statement-breakpoint
CREATE UNIQUE INDEX "job_key" ON "job" USING btree ("workspace_id","key");--> statement-breakpoint
CREATE INDEX "job_queued" ON "job" USING btree ("workspace_id","priority" DESC NULLS LAST,"id") WHERE state = 'queued';--> statement-breakpoint
CREATE INDEX "job_leased" ON "job" USING btree ("lease_until") WHERE state = 'leased';--> statement-breakpoint
CREATE INDEX "job_recent" ON "job" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "job_event_order" ON "job_event" USING btree ("workspace_id","job_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "deployment_name" ON "deployment" USING btree ("workspace_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "deployment_revision_key" ON "deployment_revision" USING btree ("workspace_id","key");--> statement-breakpoint
CREATE INDEX "deployment_revision_run" ON "deployment_revision" USING btree ("run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "model_name" ON "model" USING btree ("workspace_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "model_version_of_job" ON "model_version" USING btree ("workspace_id","job_id");--> statement-breakpoint
CREATE UNIQUE INDEX "worker_digest" ON "worker" USING btree ("digest","workspace_id");--> statement-breakpoint
CREATE INDEX "worker_enrolment_age" ON "worker_enrolment" USING btree ("expires_at");