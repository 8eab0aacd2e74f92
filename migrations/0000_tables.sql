CREATE TABLE "api_key" (
	"workspace_id" text NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"scope" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "api_key_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "hook" (
	"workspace_id" text NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"pipeline_id" uuid NOT NULL,
	"version" text NOT NULL,
	"mode" text NOT NULL,
	"auth" text NOT NULL,
	"sealed" "bytea",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "hook_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "secret" (
	"workspace_id" text NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "secret_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "session" (
	"workspace_id" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "session_digest_workspace_id_pk" PRIMARY KEY("digest","workspace_id")
);
--> statement-breakpoint
CREATE TABLE "run_artifact" (
	"run_id" uuid NOT NULL,
	"workspace_id" text NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "run_artifact_run_id_sha256_workspace_id_pk" PRIMARY KEY("run_id","sha256","workspace_id")
) PARTITION BY RANGE ("run_id");
--> statement-breakpoint
CREATE TABLE "pipeline" (
	"workspace_id" text NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"revision" integer NOT NULL,
	"draft" json NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pipeline_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "pipeline_file" (
	"workspace_id" text NOT NULL,
	"pipeline_id" uuid NOT NULL,
	"path" text NOT NULL,
	"sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pipeline_file_workspace_id_pipeline_id_path_pk" PRIMARY KEY("workspace_id","pipeline_id","path")
);
--> statement-breakpoint
CREATE TABLE "pipeline_version" (
	"workspace_id" text NOT NULL,
	"pipeline_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"document" json NOT NULL,
	"files" json NOT NULL,
	"note" text,
	"published_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pipeline_version_workspace_id_pipeline_id_version_pk" PRIMARY KEY("workspace_id","pipeline_id","version")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"workspace_id" text NOT NULL,
	"trigger" text NOT NULL,
	"key" text NOT NULL,
	"body_digest" text NOT NULL,
	"run_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_workspace_id_trigger_key_pk" PRIMARY KEY("workspace_id","trigger","key")
);
--> statement-breakpoint
CREATE TABLE "run" (
	"id" uuid NOT NULL,
	"workspace_id" text NOT NULL,
	"number" bigint NOT NULL,
	"pipeline_id" uuid,
	"name" text NOT NULL,
	"version" integer,
	"trigger" text NOT NULL,
	"snapshot" text NOT NULL,
	"input" json NOT NULL,
	"output" json,
	"error" json,
	"usage" json,
	"status" text NOT NULL,
	"owner" uuid,
	"run_epoch" integer NOT NULL,
	"priority" smallint DEFAULT 0 NOT NULL,
	"recoveries" smallint DEFAULT 0 NOT NULL,
	"recovered_seq" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"end_seq" integer,
	CONSTRAINT "run_id_workspace_id_pk" PRIMARY KEY("id","workspace_id")
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "run_source" (
	"run_id" uuid NOT NULL,
	"workspace_id" text NOT NULL,
	"node" text NOT NULL,
	"path" integer[] NOT NULL,
	"first" integer NOT NULL,
	"items" json NOT NULL,
	"last" boolean NOT NULL,
	"seq" integer NOT NULL,
	CONSTRAINT "run_source_run_id_node_path_first_workspace_id_pk" PRIMARY KEY("run_id","node","path","first","workspace_id")
) PARTITION BY RANGE ("run_id");
--> statement-breakpoint
CREATE TABLE "run_step" (
	"run_id" uuid NOT NULL,
	"workspace_id" text NOT NULL,
	"node" text NOT NULL,
	"path" integer[] NOT NULL,
	"status" text NOT NULL,
	"attempt" smallint NOT NULL,
	"started_at" timestamp with time zone,
	"ms" double precision NOT NULL,
	"outputs" json,
	"error" json,
	"usage" json,
	"mark" text,
	"seq" integer NOT NULL,
	CONSTRAINT "run_step_run_id_node_path_workspace_id_pk" PRIMARY KEY("run_id","node","path","workspace_id")
) PARTITION BY RANGE ("run_id");
--> statement-breakpoint
CREATE TABLE "snapshot" (
	"workspace_id" text NOT NULL,
	"digest" text NOT NULL,
	"document" json NOT NULL,
	"files" json NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "snapshot_workspace_id_digest_pk" PRIMARY KEY("workspace_id","digest")
);
--> statement-breakpoint
CREATE TABLE "server_beat" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"idle" uuid[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "server_node" (
	"id" uuid PRIMARY KEY NOT NULL,
	"epoch" integer NOT NULL,
	"alive" boolean NOT NULL,
	"url" text,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workspace" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"run_sequence" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_digest" ON "api_key" USING btree ("digest","workspace_id");--> statement-breakpoint
CREATE UNIQUE INDEX "hook_name" ON "hook" USING btree ("name","workspace_id");--> statement-breakpoint
CREATE INDEX "hook_of_pipeline" ON "hook" USING btree ("workspace_id","pipeline_id");--> statement-breakpoint
CREATE UNIQUE INDEX "secret_name" ON "secret" USING btree ("workspace_id","name");--> statement-breakpoint
CREATE INDEX "session_age" ON "session" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "pipeline_recent" ON "pipeline" USING btree ("workspace_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "idempotency_age" ON "idempotency" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "run_of_pipeline" ON "run" USING btree ("workspace_id","pipeline_id","id");--> statement-breakpoint
CREATE INDEX "run_owned" ON "run" USING btree ("owner") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "run_queued" ON "run" USING btree ("priority" DESC NULLS LAST,"id") WHERE status = 'queued';