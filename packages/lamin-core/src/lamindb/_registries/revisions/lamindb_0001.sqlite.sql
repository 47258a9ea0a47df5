-- Frozen: databases have this revision. Changes of the schema make a new one.
CREATE TABLE "lamindb_user" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(8) NOT NULL UNIQUE,
  "handle" varchar(30) NOT NULL UNIQUE,
  "name" varchar(150) NULL,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL
);
CREATE INDEX "lamindb_user_name_idx" ON "lamindb_user" ("name");
CREATE INDEX "lamindb_user_created_at_idx" ON "lamindb_user" ("created_at");
CREATE INDEX "lamindb_user_updated_at_idx" ON "lamindb_user" ("updated_at");
CREATE TABLE "lamindb_artifactuser" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "user_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifactuser_artifact_id_idx" ON "lamindb_artifactuser" ("artifact_id");
CREATE INDEX "lamindb_artifactuser_user_id_idx" ON "lamindb_artifactuser" ("user_id");
CREATE INDEX "lamindb_artifactuser_feature_id_idx" ON "lamindb_artifactuser" ("feature_id");
CREATE INDEX "lamindb_artifactuser_run_id_idx" ON "lamindb_artifactuser" ("run_id");
CREATE INDEX "lamindb_artifactuser_created_at_idx" ON "lamindb_artifactuser" ("created_at");
CREATE INDEX "lamindb_artifactuser_created_by_id_idx" ON "lamindb_artifactuser" ("created_by_id");
CREATE UNIQUE INDEX "unique_artifactuser" ON "lamindb_artifactuser" ("artifact_id", "user_id", "feature_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_artifactuser_null_feature" ON "lamindb_artifactuser" ("artifact_id", "user_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_space" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(12) NOT NULL UNIQUE,
  "name" varchar(100) NOT NULL,
  "description" text NULL,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_space_name_idx" ON "lamindb_space" ("name");
CREATE INDEX "lamindb_space_created_at_idx" ON "lamindb_space" ("created_at");
CREATE INDEX "lamindb_space_created_by_id_idx" ON "lamindb_space" ("created_by_id");
CREATE UNIQUE INDEX "unique_space_name_lower" ON "lamindb_space" ((lower("name")));
CREATE TABLE "lamindb_branch" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(12) NOT NULL UNIQUE,
  "name" varchar(100) NOT NULL,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "description" text NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_branch_name_idx" ON "lamindb_branch" ("name");
CREATE INDEX "lamindb_branch_space_id_idx" ON "lamindb_branch" ("space_id");
CREATE INDEX "lamindb_branch__status_code_idx" ON "lamindb_branch" ("_status_code");
CREATE INDEX "lamindb_branch_created_at_idx" ON "lamindb_branch" ("created_at");
CREATE INDEX "lamindb_branch_created_by_id_idx" ON "lamindb_branch" ("created_by_id");
CREATE UNIQUE INDEX "unique_branch_name_lower" ON "lamindb_branch" ((lower("name")));
CREATE TABLE "django_migrations" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "app" varchar(255) NOT NULL,
  "name" varchar(255) NOT NULL,
  "applied" datetime NOT NULL
);
CREATE TABLE "lamindb_storage" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(12) NOT NULL UNIQUE,
  "root" varchar(255) NOT NULL UNIQUE,
  "description" text NULL,
  "type" varchar(30) NOT NULL,
  "region" varchar(64) NULL,
  "instance_uid" varchar(12) NULL,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL)
);
CREATE INDEX "lamindb_storage_type_idx" ON "lamindb_storage" ("type");
CREATE INDEX "lamindb_storage_region_idx" ON "lamindb_storage" ("region");
CREATE INDEX "lamindb_storage_instance_uid_idx" ON "lamindb_storage" ("instance_uid");
CREATE INDEX "lamindb_storage_run_id_idx" ON "lamindb_storage" ("run_id");
CREATE INDEX "lamindb_storage_created_at_idx" ON "lamindb_storage" ("created_at");
CREATE INDEX "lamindb_storage_created_by_id_idx" ON "lamindb_storage" ("created_by_id");
CREATE INDEX "lamindb_storage_updated_at_idx" ON "lamindb_storage" ("updated_at");
CREATE INDEX "lamindb_storage_branch_id_idx" ON "lamindb_storage" ("branch_id");
CREATE INDEX "lamindb_storage_created_on_id_idx" ON "lamindb_storage" ("created_on_id");
CREATE INDEX "lamindb_storage_space_id_idx" ON "lamindb_storage" ("space_id");
CREATE TABLE "lamindb_artifact" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "key" varchar(1024) NULL,
  "_real_key" varchar(1024) NULL,
  "description" text NULL,
  "storage_id" integer NOT NULL REFERENCES "lamindb_storage" ("id") DEFERRABLE INITIALLY DEFERRED,
  "suffix" varchar(30) NOT NULL,
  "kind" varchar(20) NULL,
  "otype" varchar(64) NULL,
  "size" bigint NULL,
  "hash" varchar(22) NULL,
  "n_files" bigint NULL,
  "n_observations" bigint NULL,
  "_hash_type" varchar(30) NULL,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "schema_id" integer NULL REFERENCES "lamindb_schema" ("id") DEFERRABLE INITIALLY DEFERRED,
  "extra_data" text NULL CHECK (JSON_VALID("extra_data") OR "extra_data" IS NULL),
  "_key_is_virtual" bool NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "_overwrite_versions" bool NOT NULL,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL)
);
CREATE INDEX "lamindb_artifact_key_idx" ON "lamindb_artifact" ("key");
CREATE INDEX "lamindb_artifact__real_key_idx" ON "lamindb_artifact" ("_real_key");
CREATE INDEX "lamindb_artifact_description_idx" ON "lamindb_artifact" ("description");
CREATE INDEX "lamindb_artifact_storage_id_idx" ON "lamindb_artifact" ("storage_id");
CREATE INDEX "lamindb_artifact_suffix_idx" ON "lamindb_artifact" ("suffix");
CREATE INDEX "lamindb_artifact_kind_idx" ON "lamindb_artifact" ("kind");
CREATE INDEX "lamindb_artifact_otype_idx" ON "lamindb_artifact" ("otype");
CREATE INDEX "lamindb_artifact_size_idx" ON "lamindb_artifact" ("size");
CREATE INDEX "lamindb_artifact_hash_idx" ON "lamindb_artifact" ("hash");
CREATE INDEX "lamindb_artifact_n_files_idx" ON "lamindb_artifact" ("n_files");
CREATE INDEX "lamindb_artifact_n_observations_idx" ON "lamindb_artifact" ("n_observations");
CREATE INDEX "lamindb_artifact__hash_type_idx" ON "lamindb_artifact" ("_hash_type");
CREATE INDEX "lamindb_artifact_run_id_idx" ON "lamindb_artifact" ("run_id");
CREATE INDEX "lamindb_artifact_schema_id_idx" ON "lamindb_artifact" ("schema_id");
CREATE INDEX "lamindb_artifact_created_by_id_idx" ON "lamindb_artifact" ("created_by_id");
CREATE INDEX "lamindb_artifact_version_tag_idx" ON "lamindb_artifact" ("version_tag");
CREATE INDEX "lamindb_artifact_is_latest_idx" ON "lamindb_artifact" ("is_latest");
CREATE INDEX "lamindb_artifact_created_at_idx" ON "lamindb_artifact" ("created_at");
CREATE INDEX "lamindb_artifact_updated_at_idx" ON "lamindb_artifact" ("updated_at");
CREATE INDEX "lamindb_artifact_branch_id_idx" ON "lamindb_artifact" ("branch_id");
CREATE INDEX "lamindb_artifact_created_on_id_idx" ON "lamindb_artifact" ("created_on_id");
CREATE INDEX "lamindb_artifact_space_id_idx" ON "lamindb_artifact" ("space_id");
CREATE UNIQUE INDEX "unique_artifact_storage_key_hash_not_null" ON "lamindb_artifact" ("storage_id", "key", "hash") WHERE "key" IS NOT NULL;
CREATE UNIQUE INDEX "unique_artifact_storage_hash_null_key" ON "lamindb_artifact" ("storage_id", "hash") WHERE "key" IS NULL;
CREATE TABLE "lamindb_artifact_input_of_runs" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifact_input_of_runs_artifact_id_idx" ON "lamindb_artifact_input_of_runs" ("artifact_id");
CREATE INDEX "lamindb_artifact_input_of_runs_run_id_idx" ON "lamindb_artifact_input_of_runs" ("run_id");
CREATE UNIQUE INDEX "unique_lamindb_artifact_input_of_runs" ON "lamindb_artifact_input_of_runs" ("artifact_id", "run_id");
CREATE TABLE "lamindb_artifact_recreating_runs" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifact_recreating_runs_artifact_id_idx" ON "lamindb_artifact_recreating_runs" ("artifact_id");
CREATE INDEX "lamindb_artifact_recreating_runs_run_id_idx" ON "lamindb_artifact_recreating_runs" ("run_id");
CREATE UNIQUE INDEX "unique_lamindb_artifact_recreating_runs" ON "lamindb_artifact_recreating_runs" ("artifact_id", "run_id");
CREATE TABLE "lamindb_artifact__actions" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "from_artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "to_artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifact__actions_from_artifact_id_idx" ON "lamindb_artifact__actions" ("from_artifact_id");
CREATE INDEX "lamindb_artifact__actions_to_artifact_id_idx" ON "lamindb_artifact__actions" ("to_artifact_id");
CREATE UNIQUE INDEX "unique_lamindb_artifact__actions" ON "lamindb_artifact__actions" ("from_artifact_id", "to_artifact_id");
CREATE TABLE "lamindb_collection" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "key" varchar(255) NOT NULL,
  "description" text NULL,
  "hash" varchar(22) NULL,
  "reference" varchar(255) NULL,
  "reference_type" varchar(25) NULL,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "schema_id" integer NULL REFERENCES "lamindb_schema" ("id") DEFERRABLE INITIALLY DEFERRED,
  "meta_artifact_id" integer NULL UNIQUE REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  CONSTRAINT "unique_collection_key_hash_not_null" UNIQUE ("key", "hash")
);
CREATE INDEX "lamindb_collection_key_idx" ON "lamindb_collection" ("key");
CREATE INDEX "lamindb_collection_hash_idx" ON "lamindb_collection" ("hash");
CREATE INDEX "lamindb_collection_reference_idx" ON "lamindb_collection" ("reference");
CREATE INDEX "lamindb_collection_reference_type_idx" ON "lamindb_collection" ("reference_type");
CREATE INDEX "lamindb_collection_run_id_idx" ON "lamindb_collection" ("run_id");
CREATE INDEX "lamindb_collection_schema_id_idx" ON "lamindb_collection" ("schema_id");
CREATE INDEX "lamindb_collection_version_tag_idx" ON "lamindb_collection" ("version_tag");
CREATE INDEX "lamindb_collection_is_latest_idx" ON "lamindb_collection" ("is_latest");
CREATE INDEX "lamindb_collection_created_at_idx" ON "lamindb_collection" ("created_at");
CREATE INDEX "lamindb_collection_created_by_id_idx" ON "lamindb_collection" ("created_by_id");
CREATE INDEX "lamindb_collection_updated_at_idx" ON "lamindb_collection" ("updated_at");
CREATE INDEX "lamindb_collection_branch_id_idx" ON "lamindb_collection" ("branch_id");
CREATE INDEX "lamindb_collection_created_on_id_idx" ON "lamindb_collection" ("created_on_id");
CREATE INDEX "lamindb_collection_space_id_idx" ON "lamindb_collection" ("space_id");
CREATE TABLE "lamindb_collection_input_of_runs" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "collection_id" integer NOT NULL REFERENCES "lamindb_collection" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_collection_input_of_runs_collection_id_idx" ON "lamindb_collection_input_of_runs" ("collection_id");
CREATE INDEX "lamindb_collection_input_of_runs_run_id_idx" ON "lamindb_collection_input_of_runs" ("run_id");
CREATE UNIQUE INDEX "unique_lamindb_collection_input_of_runs" ON "lamindb_collection_input_of_runs" ("collection_id", "run_id");
CREATE TABLE "lamindb_collection_recreating_runs" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "collection_id" integer NOT NULL REFERENCES "lamindb_collection" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_collection_recreating_runs_collection_id_idx" ON "lamindb_collection_recreating_runs" ("collection_id");
CREATE INDEX "lamindb_collection_recreating_runs_run_id_idx" ON "lamindb_collection_recreating_runs" ("run_id");
CREATE UNIQUE INDEX "unique_lamindb_collection_recreating_runs" ON "lamindb_collection_recreating_runs" ("collection_id", "run_id");
CREATE TABLE "lamindb_collection__actions" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "collection_id" integer NOT NULL REFERENCES "lamindb_collection" ("id") DEFERRABLE INITIALLY DEFERRED,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_collection__actions_collection_id_idx" ON "lamindb_collection__actions" ("collection_id");
CREATE INDEX "lamindb_collection__actions_artifact_id_idx" ON "lamindb_collection__actions" ("artifact_id");
CREATE UNIQUE INDEX "unique_lamindb_collection__actions" ON "lamindb_collection__actions" ("collection_id", "artifact_id");
CREATE TABLE "lamindb_transform" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(16) NOT NULL UNIQUE,
  "key" varchar(1024) NOT NULL,
  "description" text NULL,
  "kind" varchar(20) NOT NULL,
  "source_code" text NULL,
  "hash" varchar(22) NULL,
  "reference" varchar(255) NULL,
  "reference_type" varchar(25) NULL,
  "environment_id" integer NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "plan_id" integer NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL)
);
CREATE INDEX "lamindb_transform_key_idx" ON "lamindb_transform" ("key");
CREATE INDEX "lamindb_transform_description_idx" ON "lamindb_transform" ("description");
CREATE INDEX "lamindb_transform_kind_idx" ON "lamindb_transform" ("kind");
CREATE INDEX "lamindb_transform_hash_idx" ON "lamindb_transform" ("hash");
CREATE INDEX "lamindb_transform_reference_idx" ON "lamindb_transform" ("reference");
CREATE INDEX "lamindb_transform_reference_type_idx" ON "lamindb_transform" ("reference_type");
CREATE INDEX "lamindb_transform_environment_id_idx" ON "lamindb_transform" ("environment_id");
CREATE INDEX "lamindb_transform_plan_id_idx" ON "lamindb_transform" ("plan_id");
CREATE INDEX "lamindb_transform_run_id_idx" ON "lamindb_transform" ("run_id");
CREATE INDEX "lamindb_transform_created_by_id_idx" ON "lamindb_transform" ("created_by_id");
CREATE INDEX "lamindb_transform_version_tag_idx" ON "lamindb_transform" ("version_tag");
CREATE INDEX "lamindb_transform_is_latest_idx" ON "lamindb_transform" ("is_latest");
CREATE INDEX "lamindb_transform_created_at_idx" ON "lamindb_transform" ("created_at");
CREATE INDEX "lamindb_transform_updated_at_idx" ON "lamindb_transform" ("updated_at");
CREATE INDEX "lamindb_transform_branch_id_idx" ON "lamindb_transform" ("branch_id");
CREATE INDEX "lamindb_transform_created_on_id_idx" ON "lamindb_transform" ("created_on_id");
CREATE INDEX "lamindb_transform_space_id_idx" ON "lamindb_transform" ("space_id");
CREATE UNIQUE INDEX "unique_transform_key_hash" ON "lamindb_transform" ("key", "hash");
CREATE TABLE "lamindb_run" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "name" varchar(150) NULL,
  "description" text NULL,
  "transform_id" integer NOT NULL REFERENCES "lamindb_transform" ("id") DEFERRABLE INITIALLY DEFERRED,
  "entrypoint" varchar(255) NULL,
  "started_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "finished_at" datetime NULL,
  "report_id" integer NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "environment_id" integer NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "plan_id" integer NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "params" text NULL CHECK (JSON_VALID("params") OR "params" IS NULL),
  "extra_data" text NULL CHECK (JSON_VALID("extra_data") OR "extra_data" IS NULL),
  "reference" varchar(255) NULL,
  "reference_type" varchar(25) NULL,
  "cli_args" varchar(1024) NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "initiated_by_run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "_is_consecutive" bool NULL,
  "_status_code" smallint DEFAULT -3 NOT NULL,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL)
);
CREATE INDEX "lamindb_run_name_idx" ON "lamindb_run" ("name");
CREATE INDEX "lamindb_run_transform_id_idx" ON "lamindb_run" ("transform_id");
CREATE INDEX "lamindb_run_entrypoint_idx" ON "lamindb_run" ("entrypoint");
CREATE INDEX "lamindb_run_started_at_idx" ON "lamindb_run" ("started_at");
CREATE INDEX "lamindb_run_finished_at_idx" ON "lamindb_run" ("finished_at");
CREATE INDEX "lamindb_run_report_id_idx" ON "lamindb_run" ("report_id");
CREATE INDEX "lamindb_run_environment_id_idx" ON "lamindb_run" ("environment_id");
CREATE INDEX "lamindb_run_plan_id_idx" ON "lamindb_run" ("plan_id");
CREATE INDEX "lamindb_run_reference_idx" ON "lamindb_run" ("reference");
CREATE INDEX "lamindb_run_reference_type_idx" ON "lamindb_run" ("reference_type");
CREATE INDEX "lamindb_run_created_by_id_idx" ON "lamindb_run" ("created_by_id");
CREATE INDEX "lamindb_run_initiated_by_run_id_idx" ON "lamindb_run" ("initiated_by_run_id");
CREATE INDEX "lamindb_run__status_code_idx" ON "lamindb_run" ("_status_code");
CREATE INDEX "lamindb_run_created_at_idx" ON "lamindb_run" ("created_at");
CREATE INDEX "lamindb_run_updated_at_idx" ON "lamindb_run" ("updated_at");
CREATE INDEX "lamindb_run_branch_id_idx" ON "lamindb_run" ("branch_id");
CREATE INDEX "lamindb_run_created_on_id_idx" ON "lamindb_run" ("created_on_id");
CREATE INDEX "lamindb_run_space_id_idx" ON "lamindb_run" ("space_id");
CREATE TABLE "lamindb_feature" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(12) NOT NULL UNIQUE,
  "name" varchar(150) NOT NULL,
  "_dtype_str" varchar(255) NULL,
  "_ounit_str" varchar(255) NULL,
  "type_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "unit" varchar(30) NULL,
  "description" text NULL,
  "array_rank" smallint NOT NULL,
  "array_size" integer NOT NULL,
  "array_shape" text DEFAULT 'null' NULL CHECK (JSON_VALID("array_shape") OR "array_shape" IS NULL),
  "default_value" text NULL CHECK (JSON_VALID("default_value") OR "default_value" IS NULL),
  "nullable" bool NULL,
  "coerce" bool NULL,
  "is_type" bool DEFAULT 0 NOT NULL,
  "synonyms" text NULL,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  CONSTRAINT "feature_dtype_str_not_null_when_is_type_false" CHECK ("is_type" OR "_dtype_str" IS NOT NULL)
);
CREATE INDEX "lamindb_feature_name_idx" ON "lamindb_feature" ("name");
CREATE INDEX "lamindb_feature__dtype_str_idx" ON "lamindb_feature" ("_dtype_str");
CREATE INDEX "lamindb_feature__ounit_str_idx" ON "lamindb_feature" ("_ounit_str");
CREATE INDEX "lamindb_feature_type_id_idx" ON "lamindb_feature" ("type_id");
CREATE INDEX "lamindb_feature_unit_idx" ON "lamindb_feature" ("unit");
CREATE INDEX "lamindb_feature_array_rank_idx" ON "lamindb_feature" ("array_rank");
CREATE INDEX "lamindb_feature_array_size_idx" ON "lamindb_feature" ("array_size");
CREATE INDEX "lamindb_feature_is_type_idx" ON "lamindb_feature" ("is_type");
CREATE INDEX "lamindb_feature_run_id_idx" ON "lamindb_feature" ("run_id");
CREATE INDEX "lamindb_feature_created_at_idx" ON "lamindb_feature" ("created_at");
CREATE INDEX "lamindb_feature_created_by_id_idx" ON "lamindb_feature" ("created_by_id");
CREATE INDEX "lamindb_feature_updated_at_idx" ON "lamindb_feature" ("updated_at");
CREATE INDEX "lamindb_feature_branch_id_idx" ON "lamindb_feature" ("branch_id");
CREATE INDEX "lamindb_feature_created_on_id_idx" ON "lamindb_feature" ("created_on_id");
CREATE INDEX "lamindb_feature_space_id_idx" ON "lamindb_feature" ("space_id");
CREATE TABLE "lamindb_schemafeature" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "schema_id" integer NOT NULL REFERENCES "lamindb_schema" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_schemafeature_schema_id_idx" ON "lamindb_schemafeature" ("schema_id");
CREATE INDEX "lamindb_schemafeature_feature_id_idx" ON "lamindb_schemafeature" ("feature_id");
CREATE UNIQUE INDEX "unique_schemafeature" ON "lamindb_schemafeature" ("schema_id", "feature_id");
CREATE TABLE "lamindb_schema" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(16) NOT NULL UNIQUE,
  "name" varchar(150) NULL,
  "description" text NULL,
  "n_members" integer NULL,
  "coerce" bool NULL,
  "flexible" bool NULL,
  "type_id" integer NULL REFERENCES "lamindb_schema" ("id") DEFERRABLE INITIALLY DEFERRED,
  "itype" varchar(120) NULL,
  "otype" varchar(64) NULL,
  "suffix" varchar(30) NULL,
  "_dtype_str" varchar(64) NULL,
  "hash" varchar(22) NULL,
  "minimal_set" bool NOT NULL,
  "ordered_set" bool NOT NULL,
  "maximal_set" bool NOT NULL,
  "is_type" bool DEFAULT 0 NOT NULL,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL)
);
CREATE INDEX "lamindb_schema_name_idx" ON "lamindb_schema" ("name");
CREATE INDEX "lamindb_schema_type_id_idx" ON "lamindb_schema" ("type_id");
CREATE INDEX "lamindb_schema_itype_idx" ON "lamindb_schema" ("itype");
CREATE INDEX "lamindb_schema_otype_idx" ON "lamindb_schema" ("otype");
CREATE INDEX "lamindb_schema_suffix_idx" ON "lamindb_schema" ("suffix");
CREATE INDEX "lamindb_schema_hash_idx" ON "lamindb_schema" ("hash");
CREATE INDEX "lamindb_schema_minimal_set_idx" ON "lamindb_schema" ("minimal_set");
CREATE INDEX "lamindb_schema_ordered_set_idx" ON "lamindb_schema" ("ordered_set");
CREATE INDEX "lamindb_schema_maximal_set_idx" ON "lamindb_schema" ("maximal_set");
CREATE INDEX "lamindb_schema_is_type_idx" ON "lamindb_schema" ("is_type");
CREATE INDEX "lamindb_schema_run_id_idx" ON "lamindb_schema" ("run_id");
CREATE INDEX "lamindb_schema_created_at_idx" ON "lamindb_schema" ("created_at");
CREATE INDEX "lamindb_schema_created_by_id_idx" ON "lamindb_schema" ("created_by_id");
CREATE INDEX "lamindb_schema_updated_at_idx" ON "lamindb_schema" ("updated_at");
CREATE INDEX "lamindb_schema_branch_id_idx" ON "lamindb_schema" ("branch_id");
CREATE INDEX "lamindb_schema_created_on_id_idx" ON "lamindb_schema" ("created_on_id");
CREATE INDEX "lamindb_schema_space_id_idx" ON "lamindb_schema" ("space_id");
CREATE TABLE "lamindb_jsonvalue" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value" text NOT NULL CHECK (JSON_VALID("value") OR "value" IS NULL),
  "hash" varchar(22) NULL,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL)
);
CREATE INDEX "lamindb_jsonvalue_feature_id_idx" ON "lamindb_jsonvalue" ("feature_id");
CREATE INDEX "lamindb_jsonvalue_hash_idx" ON "lamindb_jsonvalue" ("hash");
CREATE INDEX "lamindb_jsonvalue_run_id_idx" ON "lamindb_jsonvalue" ("run_id");
CREATE INDEX "lamindb_jsonvalue_created_at_idx" ON "lamindb_jsonvalue" ("created_at");
CREATE INDEX "lamindb_jsonvalue_created_by_id_idx" ON "lamindb_jsonvalue" ("created_by_id");
CREATE INDEX "lamindb_jsonvalue_branch_id_idx" ON "lamindb_jsonvalue" ("branch_id");
CREATE INDEX "lamindb_jsonvalue_created_on_id_idx" ON "lamindb_jsonvalue" ("created_on_id");
CREATE INDEX "lamindb_jsonvalue_space_id_idx" ON "lamindb_jsonvalue" ("space_id");
CREATE UNIQUE INDEX "unique_jsonvalue_feature_hash" ON "lamindb_jsonvalue" ("feature_id", "hash");
CREATE TABLE "lamindb_ulabel" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(8) NOT NULL UNIQUE,
  "name" varchar(150) NOT NULL,
  "type_id" integer NULL REFERENCES "lamindb_ulabel" ("id") DEFERRABLE INITIALLY DEFERRED,
  "description" text NULL,
  "reference" varchar(255) NULL,
  "reference_type" varchar(25) NULL,
  "is_type" bool DEFAULT 0 NOT NULL,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL)
);
CREATE INDEX "lamindb_ulabel_name_idx" ON "lamindb_ulabel" ("name");
CREATE INDEX "lamindb_ulabel_type_id_idx" ON "lamindb_ulabel" ("type_id");
CREATE INDEX "lamindb_ulabel_reference_idx" ON "lamindb_ulabel" ("reference");
CREATE INDEX "lamindb_ulabel_reference_type_idx" ON "lamindb_ulabel" ("reference_type");
CREATE INDEX "lamindb_ulabel_is_type_idx" ON "lamindb_ulabel" ("is_type");
CREATE INDEX "lamindb_ulabel_run_id_idx" ON "lamindb_ulabel" ("run_id");
CREATE INDEX "lamindb_ulabel_created_at_idx" ON "lamindb_ulabel" ("created_at");
CREATE INDEX "lamindb_ulabel_created_by_id_idx" ON "lamindb_ulabel" ("created_by_id");
CREATE INDEX "lamindb_ulabel_updated_at_idx" ON "lamindb_ulabel" ("updated_at");
CREATE INDEX "lamindb_ulabel_branch_id_idx" ON "lamindb_ulabel" ("branch_id");
CREATE INDEX "lamindb_ulabel_created_on_id_idx" ON "lamindb_ulabel" ("created_on_id");
CREATE INDEX "lamindb_ulabel_space_id_idx" ON "lamindb_ulabel" ("space_id");
CREATE TABLE "lamindb_artifactulabel" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "ulabel_id" integer NOT NULL REFERENCES "lamindb_ulabel" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifactulabel_artifact_id_idx" ON "lamindb_artifactulabel" ("artifact_id");
CREATE INDEX "lamindb_artifactulabel_ulabel_id_idx" ON "lamindb_artifactulabel" ("ulabel_id");
CREATE INDEX "lamindb_artifactulabel_feature_id_idx" ON "lamindb_artifactulabel" ("feature_id");
CREATE INDEX "lamindb_artifactulabel_run_id_idx" ON "lamindb_artifactulabel" ("run_id");
CREATE INDEX "lamindb_artifactulabel_created_at_idx" ON "lamindb_artifactulabel" ("created_at");
CREATE INDEX "lamindb_artifactulabel_created_by_id_idx" ON "lamindb_artifactulabel" ("created_by_id");
CREATE UNIQUE INDEX "unique_artifactulabel" ON "lamindb_artifactulabel" ("artifact_id", "ulabel_id", "feature_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_artifactulabel_null_feature" ON "lamindb_artifactulabel" ("artifact_id", "ulabel_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_ulabel_parents" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "from_ulabel_id" integer NOT NULL REFERENCES "lamindb_ulabel" ("id") DEFERRABLE INITIALLY DEFERRED,
  "to_ulabel_id" integer NOT NULL REFERENCES "lamindb_ulabel" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_ulabel_parents_from_ulabel_id_idx" ON "lamindb_ulabel_parents" ("from_ulabel_id");
CREATE INDEX "lamindb_ulabel_parents_to_ulabel_id_idx" ON "lamindb_ulabel_parents" ("to_ulabel_id");
CREATE UNIQUE INDEX "unique_lamindb_ulabel_parents" ON "lamindb_ulabel_parents" ("from_ulabel_id", "to_ulabel_id");
CREATE TABLE "lamindb_record" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(16) NOT NULL UNIQUE,
  "name" varchar(150) NULL,
  "type_id" integer NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "description" text NULL,
  "reference" varchar(255) NULL,
  "reference_type" varchar(25) NULL,
  "extra_data" text NULL CHECK (JSON_VALID("extra_data") OR "extra_data" IS NULL),
  "schema_id" integer NULL REFERENCES "lamindb_schema" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_type" bool DEFAULT 0 NOT NULL,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL)
);
CREATE INDEX "lamindb_record_name_idx" ON "lamindb_record" ("name");
CREATE INDEX "lamindb_record_type_id_idx" ON "lamindb_record" ("type_id");
CREATE INDEX "lamindb_record_reference_idx" ON "lamindb_record" ("reference");
CREATE INDEX "lamindb_record_reference_type_idx" ON "lamindb_record" ("reference_type");
CREATE INDEX "lamindb_record_schema_id_idx" ON "lamindb_record" ("schema_id");
CREATE INDEX "lamindb_record_run_id_idx" ON "lamindb_record" ("run_id");
CREATE INDEX "lamindb_record_is_type_idx" ON "lamindb_record" ("is_type");
CREATE INDEX "lamindb_record_created_at_idx" ON "lamindb_record" ("created_at");
CREATE INDEX "lamindb_record_created_by_id_idx" ON "lamindb_record" ("created_by_id");
CREATE INDEX "lamindb_record_updated_at_idx" ON "lamindb_record" ("updated_at");
CREATE INDEX "lamindb_record_branch_id_idx" ON "lamindb_record" ("branch_id");
CREATE INDEX "lamindb_record_created_on_id_idx" ON "lamindb_record" ("created_on_id");
CREATE INDEX "lamindb_record_space_id_idx" ON "lamindb_record" ("space_id");
CREATE TABLE "lamindb_artifactrecord" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifactrecord_artifact_id_idx" ON "lamindb_artifactrecord" ("artifact_id");
CREATE INDEX "lamindb_artifactrecord_record_id_idx" ON "lamindb_artifactrecord" ("record_id");
CREATE INDEX "lamindb_artifactrecord_feature_id_idx" ON "lamindb_artifactrecord" ("feature_id");
CREATE INDEX "lamindb_artifactrecord_run_id_idx" ON "lamindb_artifactrecord" ("run_id");
CREATE INDEX "lamindb_artifactrecord_created_at_idx" ON "lamindb_artifactrecord" ("created_at");
CREATE INDEX "lamindb_artifactrecord_created_by_id_idx" ON "lamindb_artifactrecord" ("created_by_id");
CREATE UNIQUE INDEX "unique_artifactrecord" ON "lamindb_artifactrecord" ("artifact_id", "record_id", "feature_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_artifactrecord_null_feature" ON "lamindb_artifactrecord" ("artifact_id", "record_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_record_parents" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "from_record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "to_record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_record_parents_from_record_id_idx" ON "lamindb_record_parents" ("from_record_id");
CREATE INDEX "lamindb_record_parents_to_record_id_idx" ON "lamindb_record_parents" ("to_record_id");
CREATE UNIQUE INDEX "unique_lamindb_record_parents" ON "lamindb_record_parents" ("from_record_id", "to_record_id");
CREATE TABLE "lamindb_record_input_of_runs" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_record_input_of_runs_record_id_idx" ON "lamindb_record_input_of_runs" ("record_id");
CREATE INDEX "lamindb_record_input_of_runs_run_id_idx" ON "lamindb_record_input_of_runs" ("run_id");
CREATE UNIQUE INDEX "unique_lamindb_record_input_of_runs" ON "lamindb_record_input_of_runs" ("record_id", "run_id");
CREATE TABLE "lamindb_project" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(12) NOT NULL UNIQUE,
  "name" varchar(255) NOT NULL,
  "description" text NULL,
  "type_id" integer NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "url" varchar(255) NULL,
  "start_date" date NULL,
  "end_date" date NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "is_type" bool DEFAULT 0 NOT NULL,
  "abbr" varchar(32) NULL,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL)
);
CREATE INDEX "lamindb_project_name_idx" ON "lamindb_project" ("name");
CREATE INDEX "lamindb_project_type_id_idx" ON "lamindb_project" ("type_id");
CREATE INDEX "lamindb_project__status_code_idx" ON "lamindb_project" ("_status_code");
CREATE INDEX "lamindb_project_is_type_idx" ON "lamindb_project" ("is_type");
CREATE INDEX "lamindb_project_abbr_idx" ON "lamindb_project" ("abbr");
CREATE INDEX "lamindb_project_run_id_idx" ON "lamindb_project" ("run_id");
CREATE INDEX "lamindb_project_created_at_idx" ON "lamindb_project" ("created_at");
CREATE INDEX "lamindb_project_created_by_id_idx" ON "lamindb_project" ("created_by_id");
CREATE INDEX "lamindb_project_updated_at_idx" ON "lamindb_project" ("updated_at");
CREATE INDEX "lamindb_project_branch_id_idx" ON "lamindb_project" ("branch_id");
CREATE INDEX "lamindb_project_created_on_id_idx" ON "lamindb_project" ("created_on_id");
CREATE INDEX "lamindb_project_space_id_idx" ON "lamindb_project" ("space_id");
CREATE TABLE "lamindb_artifactproject" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifactproject_artifact_id_idx" ON "lamindb_artifactproject" ("artifact_id");
CREATE INDEX "lamindb_artifactproject_project_id_idx" ON "lamindb_artifactproject" ("project_id");
CREATE INDEX "lamindb_artifactproject_feature_id_idx" ON "lamindb_artifactproject" ("feature_id");
CREATE INDEX "lamindb_artifactproject_run_id_idx" ON "lamindb_artifactproject" ("run_id");
CREATE INDEX "lamindb_artifactproject_created_at_idx" ON "lamindb_artifactproject" ("created_at");
CREATE INDEX "lamindb_artifactproject_created_by_id_idx" ON "lamindb_artifactproject" ("created_by_id");
CREATE UNIQUE INDEX "unique_artifactproject" ON "lamindb_artifactproject" ("artifact_id", "project_id", "feature_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_artifactproject_null_feature" ON "lamindb_artifactproject" ("artifact_id", "project_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_project_parents" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "from_project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "to_project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_project_parents_from_project_id_idx" ON "lamindb_project_parents" ("from_project_id");
CREATE INDEX "lamindb_project_parents_to_project_id_idx" ON "lamindb_project_parents" ("to_project_id");
CREATE UNIQUE INDEX "unique_lamindb_project_parents" ON "lamindb_project_parents" ("from_project_id", "to_project_id");
CREATE TABLE "lamindb_project_predecessors" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "from_project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "to_project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_project_predecessors_from_project_id_idx" ON "lamindb_project_predecessors" ("from_project_id");
CREATE INDEX "lamindb_project_predecessors_to_project_id_idx" ON "lamindb_project_predecessors" ("to_project_id");
CREATE UNIQUE INDEX "unique_lamindb_project_predecessors" ON "lamindb_project_predecessors" ("from_project_id", "to_project_id");
CREATE TABLE "lamindb_project_references" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "reference_id" integer NOT NULL REFERENCES "lamindb_reference" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_project_references_project_id_idx" ON "lamindb_project_references" ("project_id");
CREATE INDEX "lamindb_project_references_reference_id_idx" ON "lamindb_project_references" ("reference_id");
CREATE UNIQUE INDEX "unique_lamindb_project_references" ON "lamindb_project_references" ("project_id", "reference_id");
CREATE TABLE "lamindb_reference" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(12) NOT NULL UNIQUE,
  "name" varchar(255) NOT NULL,
  "description" text NULL,
  "type_id" integer NULL REFERENCES "lamindb_reference" ("id") DEFERRABLE INITIALLY DEFERRED,
  "url" varchar(200) NULL,
  "pubmed_id" bigint NULL,
  "doi" varchar(255) NULL,
  "text" text NULL,
  "date" date NULL,
  "is_type" bool DEFAULT 0 NOT NULL,
  "abbr" varchar(32) NULL,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "updated_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL)
);
CREATE INDEX "lamindb_reference_name_idx" ON "lamindb_reference" ("name");
CREATE INDEX "lamindb_reference_type_id_idx" ON "lamindb_reference" ("type_id");
CREATE INDEX "lamindb_reference_url_idx" ON "lamindb_reference" ("url");
CREATE INDEX "lamindb_reference_pubmed_id_idx" ON "lamindb_reference" ("pubmed_id");
CREATE INDEX "lamindb_reference_doi_idx" ON "lamindb_reference" ("doi");
CREATE INDEX "lamindb_reference_is_type_idx" ON "lamindb_reference" ("is_type");
CREATE INDEX "lamindb_reference_abbr_idx" ON "lamindb_reference" ("abbr");
CREATE INDEX "lamindb_reference_run_id_idx" ON "lamindb_reference" ("run_id");
CREATE INDEX "lamindb_reference_created_at_idx" ON "lamindb_reference" ("created_at");
CREATE INDEX "lamindb_reference_created_by_id_idx" ON "lamindb_reference" ("created_by_id");
CREATE INDEX "lamindb_reference_updated_at_idx" ON "lamindb_reference" ("updated_at");
CREATE INDEX "lamindb_reference_branch_id_idx" ON "lamindb_reference" ("branch_id");
CREATE INDEX "lamindb_reference_created_on_id_idx" ON "lamindb_reference" ("created_on_id");
CREATE INDEX "lamindb_reference_space_id_idx" ON "lamindb_reference" ("space_id");
CREATE TABLE "lamindb_artifactreference" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "reference_id" integer NOT NULL REFERENCES "lamindb_reference" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifactreference_artifact_id_idx" ON "lamindb_artifactreference" ("artifact_id");
CREATE INDEX "lamindb_artifactreference_reference_id_idx" ON "lamindb_artifactreference" ("reference_id");
CREATE INDEX "lamindb_artifactreference_feature_id_idx" ON "lamindb_artifactreference" ("feature_id");
CREATE INDEX "lamindb_artifactreference_run_id_idx" ON "lamindb_artifactreference" ("run_id");
CREATE INDEX "lamindb_artifactreference_created_at_idx" ON "lamindb_artifactreference" ("created_at");
CREATE INDEX "lamindb_artifactreference_created_by_id_idx" ON "lamindb_artifactreference" ("created_by_id");
CREATE UNIQUE INDEX "unique_artifactreference" ON "lamindb_artifactreference" ("artifact_id", "reference_id", "feature_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_artifactreference_null_feature" ON "lamindb_artifactreference" ("artifact_id", "reference_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_block" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "key" varchar(1024) NULL,
  "anchor_id" bigint NULL REFERENCES "lamindb_block" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "space_id" smallint DEFAULT 1 NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "is_locked" bool DEFAULT 0 NOT NULL
);
CREATE INDEX "lamindb_block_key_idx" ON "lamindb_block" ("key");
CREATE INDEX "lamindb_block_anchor_id_idx" ON "lamindb_block" ("anchor_id");
CREATE INDEX "lamindb_block_version_tag_idx" ON "lamindb_block" ("version_tag");
CREATE INDEX "lamindb_block_is_latest_idx" ON "lamindb_block" ("is_latest");
CREATE INDEX "lamindb_block_hash_idx" ON "lamindb_block" ("hash");
CREATE INDEX "lamindb_block_kind_idx" ON "lamindb_block" ("kind");
CREATE INDEX "lamindb_block__status_code_idx" ON "lamindb_block" ("_status_code");
CREATE INDEX "lamindb_block_created_at_idx" ON "lamindb_block" ("created_at");
CREATE INDEX "lamindb_block_created_by_id_idx" ON "lamindb_block" ("created_by_id");
CREATE INDEX "lamindb_block_branch_id_idx" ON "lamindb_block" ("branch_id");
CREATE INDEX "lamindb_block_created_on_id_idx" ON "lamindb_block" ("created_on_id");
CREATE INDEX "lamindb_block_space_id_idx" ON "lamindb_block" ("space_id");
CREATE TABLE "lamindb_artifactblock" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifactblock_artifact_id_idx" ON "lamindb_artifactblock" ("artifact_id");
CREATE INDEX "lamindb_artifactblock_version_tag_idx" ON "lamindb_artifactblock" ("version_tag");
CREATE INDEX "lamindb_artifactblock_is_latest_idx" ON "lamindb_artifactblock" ("is_latest");
CREATE INDEX "lamindb_artifactblock_hash_idx" ON "lamindb_artifactblock" ("hash");
CREATE INDEX "lamindb_artifactblock_kind_idx" ON "lamindb_artifactblock" ("kind");
CREATE INDEX "lamindb_artifactblock__status_code_idx" ON "lamindb_artifactblock" ("_status_code");
CREATE INDEX "lamindb_artifactblock_created_at_idx" ON "lamindb_artifactblock" ("created_at");
CREATE INDEX "lamindb_artifactblock_created_by_id_idx" ON "lamindb_artifactblock" ("created_by_id");
CREATE INDEX "lamindb_artifactblock_branch_id_idx" ON "lamindb_artifactblock" ("branch_id");
CREATE INDEX "lamindb_artifactblock_created_on_id_idx" ON "lamindb_artifactblock" ("created_on_id");
CREATE TABLE "lamindb_collectionblock" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "collection_id" integer NULL REFERENCES "lamindb_collection" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_collectionblock_collection_id_idx" ON "lamindb_collectionblock" ("collection_id");
CREATE INDEX "lamindb_collectionblock_version_tag_idx" ON "lamindb_collectionblock" ("version_tag");
CREATE INDEX "lamindb_collectionblock_is_latest_idx" ON "lamindb_collectionblock" ("is_latest");
CREATE INDEX "lamindb_collectionblock_hash_idx" ON "lamindb_collectionblock" ("hash");
CREATE INDEX "lamindb_collectionblock_kind_idx" ON "lamindb_collectionblock" ("kind");
CREATE INDEX "lamindb_collectionblock__status_code_idx" ON "lamindb_collectionblock" ("_status_code");
CREATE INDEX "lamindb_collectionblock_created_at_idx" ON "lamindb_collectionblock" ("created_at");
CREATE INDEX "lamindb_collectionblock_created_by_id_idx" ON "lamindb_collectionblock" ("created_by_id");
CREATE INDEX "lamindb_collectionblock_branch_id_idx" ON "lamindb_collectionblock" ("branch_id");
CREATE INDEX "lamindb_collectionblock_created_on_id_idx" ON "lamindb_collectionblock" ("created_on_id");
CREATE TABLE "lamindb_transformblock" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "transform_id" integer NULL REFERENCES "lamindb_transform" ("id") DEFERRABLE INITIALLY DEFERRED,
  "line_number" integer NULL,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_transformblock_transform_id_idx" ON "lamindb_transformblock" ("transform_id");
CREATE INDEX "lamindb_transformblock_version_tag_idx" ON "lamindb_transformblock" ("version_tag");
CREATE INDEX "lamindb_transformblock_is_latest_idx" ON "lamindb_transformblock" ("is_latest");
CREATE INDEX "lamindb_transformblock_hash_idx" ON "lamindb_transformblock" ("hash");
CREATE INDEX "lamindb_transformblock_kind_idx" ON "lamindb_transformblock" ("kind");
CREATE INDEX "lamindb_transformblock__status_code_idx" ON "lamindb_transformblock" ("_status_code");
CREATE INDEX "lamindb_transformblock_created_at_idx" ON "lamindb_transformblock" ("created_at");
CREATE INDEX "lamindb_transformblock_created_by_id_idx" ON "lamindb_transformblock" ("created_by_id");
CREATE INDEX "lamindb_transformblock_branch_id_idx" ON "lamindb_transformblock" ("branch_id");
CREATE INDEX "lamindb_transformblock_created_on_id_idx" ON "lamindb_transformblock" ("created_on_id");
CREATE TABLE "lamindb_runblock" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_runblock_run_id_idx" ON "lamindb_runblock" ("run_id");
CREATE INDEX "lamindb_runblock_version_tag_idx" ON "lamindb_runblock" ("version_tag");
CREATE INDEX "lamindb_runblock_is_latest_idx" ON "lamindb_runblock" ("is_latest");
CREATE INDEX "lamindb_runblock_hash_idx" ON "lamindb_runblock" ("hash");
CREATE INDEX "lamindb_runblock_kind_idx" ON "lamindb_runblock" ("kind");
CREATE INDEX "lamindb_runblock__status_code_idx" ON "lamindb_runblock" ("_status_code");
CREATE INDEX "lamindb_runblock_created_at_idx" ON "lamindb_runblock" ("created_at");
CREATE INDEX "lamindb_runblock_created_by_id_idx" ON "lamindb_runblock" ("created_by_id");
CREATE INDEX "lamindb_runblock_branch_id_idx" ON "lamindb_runblock" ("branch_id");
CREATE INDEX "lamindb_runblock_created_on_id_idx" ON "lamindb_runblock" ("created_on_id");
CREATE TABLE "lamindb_featureblock" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_featureblock_feature_id_idx" ON "lamindb_featureblock" ("feature_id");
CREATE INDEX "lamindb_featureblock_version_tag_idx" ON "lamindb_featureblock" ("version_tag");
CREATE INDEX "lamindb_featureblock_is_latest_idx" ON "lamindb_featureblock" ("is_latest");
CREATE INDEX "lamindb_featureblock_hash_idx" ON "lamindb_featureblock" ("hash");
CREATE INDEX "lamindb_featureblock_kind_idx" ON "lamindb_featureblock" ("kind");
CREATE INDEX "lamindb_featureblock__status_code_idx" ON "lamindb_featureblock" ("_status_code");
CREATE INDEX "lamindb_featureblock_created_at_idx" ON "lamindb_featureblock" ("created_at");
CREATE INDEX "lamindb_featureblock_created_by_id_idx" ON "lamindb_featureblock" ("created_by_id");
CREATE INDEX "lamindb_featureblock_branch_id_idx" ON "lamindb_featureblock" ("branch_id");
CREATE INDEX "lamindb_featureblock_created_on_id_idx" ON "lamindb_featureblock" ("created_on_id");
CREATE TABLE "lamindb_schemablock" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "schema_id" integer NOT NULL REFERENCES "lamindb_schema" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_schemablock_schema_id_idx" ON "lamindb_schemablock" ("schema_id");
CREATE INDEX "lamindb_schemablock_version_tag_idx" ON "lamindb_schemablock" ("version_tag");
CREATE INDEX "lamindb_schemablock_is_latest_idx" ON "lamindb_schemablock" ("is_latest");
CREATE INDEX "lamindb_schemablock_hash_idx" ON "lamindb_schemablock" ("hash");
CREATE INDEX "lamindb_schemablock_kind_idx" ON "lamindb_schemablock" ("kind");
CREATE INDEX "lamindb_schemablock__status_code_idx" ON "lamindb_schemablock" ("_status_code");
CREATE INDEX "lamindb_schemablock_created_at_idx" ON "lamindb_schemablock" ("created_at");
CREATE INDEX "lamindb_schemablock_created_by_id_idx" ON "lamindb_schemablock" ("created_by_id");
CREATE INDEX "lamindb_schemablock_branch_id_idx" ON "lamindb_schemablock" ("branch_id");
CREATE INDEX "lamindb_schemablock_created_on_id_idx" ON "lamindb_schemablock" ("created_on_id");
CREATE TABLE "lamindb_ulabelblock" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "ulabel_id" integer NOT NULL REFERENCES "lamindb_ulabel" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_ulabelblock_ulabel_id_idx" ON "lamindb_ulabelblock" ("ulabel_id");
CREATE INDEX "lamindb_ulabelblock_version_tag_idx" ON "lamindb_ulabelblock" ("version_tag");
CREATE INDEX "lamindb_ulabelblock_is_latest_idx" ON "lamindb_ulabelblock" ("is_latest");
CREATE INDEX "lamindb_ulabelblock_hash_idx" ON "lamindb_ulabelblock" ("hash");
CREATE INDEX "lamindb_ulabelblock_kind_idx" ON "lamindb_ulabelblock" ("kind");
CREATE INDEX "lamindb_ulabelblock__status_code_idx" ON "lamindb_ulabelblock" ("_status_code");
CREATE INDEX "lamindb_ulabelblock_created_at_idx" ON "lamindb_ulabelblock" ("created_at");
CREATE INDEX "lamindb_ulabelblock_created_by_id_idx" ON "lamindb_ulabelblock" ("created_by_id");
CREATE INDEX "lamindb_ulabelblock_branch_id_idx" ON "lamindb_ulabelblock" ("branch_id");
CREATE INDEX "lamindb_ulabelblock_created_on_id_idx" ON "lamindb_ulabelblock" ("created_on_id");
CREATE TABLE "lamindb_recordblock" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_recordblock_record_id_idx" ON "lamindb_recordblock" ("record_id");
CREATE INDEX "lamindb_recordblock_version_tag_idx" ON "lamindb_recordblock" ("version_tag");
CREATE INDEX "lamindb_recordblock_is_latest_idx" ON "lamindb_recordblock" ("is_latest");
CREATE INDEX "lamindb_recordblock_hash_idx" ON "lamindb_recordblock" ("hash");
CREATE INDEX "lamindb_recordblock_kind_idx" ON "lamindb_recordblock" ("kind");
CREATE INDEX "lamindb_recordblock__status_code_idx" ON "lamindb_recordblock" ("_status_code");
CREATE INDEX "lamindb_recordblock_created_at_idx" ON "lamindb_recordblock" ("created_at");
CREATE INDEX "lamindb_recordblock_created_by_id_idx" ON "lamindb_recordblock" ("created_by_id");
CREATE INDEX "lamindb_recordblock_branch_id_idx" ON "lamindb_recordblock" ("branch_id");
CREATE INDEX "lamindb_recordblock_created_on_id_idx" ON "lamindb_recordblock" ("created_on_id");
CREATE TABLE "lamindb_projectblock" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_projectblock_project_id_idx" ON "lamindb_projectblock" ("project_id");
CREATE INDEX "lamindb_projectblock_version_tag_idx" ON "lamindb_projectblock" ("version_tag");
CREATE INDEX "lamindb_projectblock_is_latest_idx" ON "lamindb_projectblock" ("is_latest");
CREATE INDEX "lamindb_projectblock_hash_idx" ON "lamindb_projectblock" ("hash");
CREATE INDEX "lamindb_projectblock_kind_idx" ON "lamindb_projectblock" ("kind");
CREATE INDEX "lamindb_projectblock__status_code_idx" ON "lamindb_projectblock" ("_status_code");
CREATE INDEX "lamindb_projectblock_created_at_idx" ON "lamindb_projectblock" ("created_at");
CREATE INDEX "lamindb_projectblock_created_by_id_idx" ON "lamindb_projectblock" ("created_by_id");
CREATE INDEX "lamindb_projectblock_branch_id_idx" ON "lamindb_projectblock" ("branch_id");
CREATE INDEX "lamindb_projectblock_created_on_id_idx" ON "lamindb_projectblock" ("created_on_id");
CREATE TABLE "lamindb_branchblock" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "branch_id" integer NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_branchblock_branch_id_idx" ON "lamindb_branchblock" ("branch_id");
CREATE INDEX "lamindb_branchblock_version_tag_idx" ON "lamindb_branchblock" ("version_tag");
CREATE INDEX "lamindb_branchblock_is_latest_idx" ON "lamindb_branchblock" ("is_latest");
CREATE INDEX "lamindb_branchblock_hash_idx" ON "lamindb_branchblock" ("hash");
CREATE INDEX "lamindb_branchblock_kind_idx" ON "lamindb_branchblock" ("kind");
CREATE INDEX "lamindb_branchblock__status_code_idx" ON "lamindb_branchblock" ("_status_code");
CREATE INDEX "lamindb_branchblock_created_at_idx" ON "lamindb_branchblock" ("created_at");
CREATE INDEX "lamindb_branchblock_created_by_id_idx" ON "lamindb_branchblock" ("created_by_id");
CREATE TABLE "lamindb_spaceblock" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "uid" varchar(20) NOT NULL UNIQUE,
  "space_id" smallint NOT NULL REFERENCES "lamindb_space" ("id") DEFERRABLE INITIALLY DEFERRED,
  "version_tag" varchar(30) NULL,
  "is_latest" bool NOT NULL,
  "content" text NOT NULL,
  "hash" varchar(22) NULL,
  "kind" varchar(22) DEFAULT 'readme' NOT NULL,
  "_status_code" smallint DEFAULT 0 NOT NULL,
  "_aux" text DEFAULT 'null' NULL CHECK (JSON_VALID("_aux") OR "_aux" IS NULL),
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "branch_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_on_id" integer DEFAULT 1 NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_spaceblock_space_id_idx" ON "lamindb_spaceblock" ("space_id");
CREATE INDEX "lamindb_spaceblock_version_tag_idx" ON "lamindb_spaceblock" ("version_tag");
CREATE INDEX "lamindb_spaceblock_is_latest_idx" ON "lamindb_spaceblock" ("is_latest");
CREATE INDEX "lamindb_spaceblock_hash_idx" ON "lamindb_spaceblock" ("hash");
CREATE INDEX "lamindb_spaceblock_kind_idx" ON "lamindb_spaceblock" ("kind");
CREATE INDEX "lamindb_spaceblock__status_code_idx" ON "lamindb_spaceblock" ("_status_code");
CREATE INDEX "lamindb_spaceblock_created_at_idx" ON "lamindb_spaceblock" ("created_at");
CREATE INDEX "lamindb_spaceblock_created_by_id_idx" ON "lamindb_spaceblock" ("created_by_id");
CREATE INDEX "lamindb_spaceblock_branch_id_idx" ON "lamindb_spaceblock" ("branch_id");
CREATE INDEX "lamindb_spaceblock_created_on_id_idx" ON "lamindb_spaceblock" ("created_on_id");
CREATE TABLE "lamindb_branchproject" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "branch_id" integer NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_branchproject_branch_id_idx" ON "lamindb_branchproject" ("branch_id");
CREATE INDEX "lamindb_branchproject_project_id_idx" ON "lamindb_branchproject" ("project_id");
CREATE UNIQUE INDEX "unique_branchproject" ON "lamindb_branchproject" ("branch_id", "project_id");
CREATE TABLE "lamindb_branchulabel" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "branch_id" integer NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "ulabel_id" integer NOT NULL REFERENCES "lamindb_ulabel" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_branchulabel_branch_id_idx" ON "lamindb_branchulabel" ("branch_id");
CREATE INDEX "lamindb_branchulabel_ulabel_id_idx" ON "lamindb_branchulabel" ("ulabel_id");
CREATE UNIQUE INDEX "unique_branchulabel" ON "lamindb_branchulabel" ("branch_id", "ulabel_id");
CREATE TABLE "lamindb_branchuser" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "branch_id" integer NOT NULL REFERENCES "lamindb_branch" ("id") DEFERRABLE INITIALLY DEFERRED,
  "user_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "role" varchar(32) NOT NULL
);
CREATE INDEX "lamindb_branchuser_branch_id_idx" ON "lamindb_branchuser" ("branch_id");
CREATE INDEX "lamindb_branchuser_user_id_idx" ON "lamindb_branchuser" ("user_id");
CREATE INDEX "lamindb_branchuser_role_idx" ON "lamindb_branchuser" ("role");
CREATE UNIQUE INDEX "unique_branchuser" ON "lamindb_branchuser" ("branch_id", "user_id", "role");
CREATE TABLE "lamindb_artifactartifact" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifactartifact_artifact_id_idx" ON "lamindb_artifactartifact" ("artifact_id");
CREATE INDEX "lamindb_artifactartifact_value_id_idx" ON "lamindb_artifactartifact" ("value_id");
CREATE INDEX "lamindb_artifactartifact_feature_id_idx" ON "lamindb_artifactartifact" ("feature_id");
CREATE INDEX "lamindb_artifactartifact_run_id_idx" ON "lamindb_artifactartifact" ("run_id");
CREATE INDEX "lamindb_artifactartifact_created_at_idx" ON "lamindb_artifactartifact" ("created_at");
CREATE INDEX "lamindb_artifactartifact_created_by_id_idx" ON "lamindb_artifactartifact" ("created_by_id");
CREATE UNIQUE INDEX "unique_artifactartifact" ON "lamindb_artifactartifact" ("artifact_id", "value_id", "feature_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_artifactartifact_null_feature" ON "lamindb_artifactartifact" ("artifact_id", "value_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_artifactjsonvalue" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "jsonvalue_id" bigint NOT NULL REFERENCES "lamindb_jsonvalue" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifactjsonvalue_artifact_id_idx" ON "lamindb_artifactjsonvalue" ("artifact_id");
CREATE INDEX "lamindb_artifactjsonvalue_jsonvalue_id_idx" ON "lamindb_artifactjsonvalue" ("jsonvalue_id");
CREATE INDEX "lamindb_artifactjsonvalue_run_id_idx" ON "lamindb_artifactjsonvalue" ("run_id");
CREATE INDEX "lamindb_artifactjsonvalue_created_at_idx" ON "lamindb_artifactjsonvalue" ("created_at");
CREATE INDEX "lamindb_artifactjsonvalue_created_by_id_idx" ON "lamindb_artifactjsonvalue" ("created_by_id");
CREATE UNIQUE INDEX "unique_artifactjsonvalue" ON "lamindb_artifactjsonvalue" ("artifact_id", "jsonvalue_id");
CREATE TABLE "lamindb_artifactrun" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifactrun_artifact_id_idx" ON "lamindb_artifactrun" ("artifact_id");
CREATE INDEX "lamindb_artifactrun_run_id_idx" ON "lamindb_artifactrun" ("run_id");
CREATE INDEX "lamindb_artifactrun_feature_id_idx" ON "lamindb_artifactrun" ("feature_id");
CREATE INDEX "lamindb_artifactrun_created_at_idx" ON "lamindb_artifactrun" ("created_at");
CREATE INDEX "lamindb_artifactrun_created_by_id_idx" ON "lamindb_artifactrun" ("created_by_id");
CREATE UNIQUE INDEX "unique_artifactrun" ON "lamindb_artifactrun" ("artifact_id", "run_id", "feature_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_artifactrun_null_feature" ON "lamindb_artifactrun" ("artifact_id", "run_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_artifactschema" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "schema_id" integer NOT NULL REFERENCES "lamindb_schema" ("id") DEFERRABLE INITIALLY DEFERRED,
  "slot" varchar(255) NULL,
  "feature_ref_is_semantic" bool NULL,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_artifactschema_artifact_id_idx" ON "lamindb_artifactschema" ("artifact_id");
CREATE INDEX "lamindb_artifactschema_schema_id_idx" ON "lamindb_artifactschema" ("schema_id");
CREATE INDEX "lamindb_artifactschema_run_id_idx" ON "lamindb_artifactschema" ("run_id");
CREATE INDEX "lamindb_artifactschema_created_at_idx" ON "lamindb_artifactschema" ("created_at");
CREATE INDEX "lamindb_artifactschema_created_by_id_idx" ON "lamindb_artifactschema" ("created_by_id");
CREATE UNIQUE INDEX "unique_artifactschema_artifact_slot_schema" ON "lamindb_artifactschema" ("artifact_id", "slot", "schema_id");
CREATE UNIQUE INDEX "unique_artifactschema_artifact_slot" ON "lamindb_artifactschema" ("artifact_id", "slot");
CREATE TABLE "lamindb_collectionartifact" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "collection_id" integer NOT NULL REFERENCES "lamindb_collection" ("id") DEFERRABLE INITIALLY DEFERRED,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_collectionartifact_collection_id_idx" ON "lamindb_collectionartifact" ("collection_id");
CREATE INDEX "lamindb_collectionartifact_artifact_id_idx" ON "lamindb_collectionartifact" ("artifact_id");
CREATE INDEX "lamindb_collectionartifact_run_id_idx" ON "lamindb_collectionartifact" ("run_id");
CREATE INDEX "lamindb_collectionartifact_created_at_idx" ON "lamindb_collectionartifact" ("created_at");
CREATE INDEX "lamindb_collectionartifact_created_by_id_idx" ON "lamindb_collectionartifact" ("created_by_id");
CREATE UNIQUE INDEX "unique_collectionartifact" ON "lamindb_collectionartifact" ("collection_id", "artifact_id");
CREATE TABLE "lamindb_collectionproject" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "collection_id" integer NOT NULL REFERENCES "lamindb_collection" ("id") DEFERRABLE INITIALLY DEFERRED,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_collectionproject_collection_id_idx" ON "lamindb_collectionproject" ("collection_id");
CREATE INDEX "lamindb_collectionproject_project_id_idx" ON "lamindb_collectionproject" ("project_id");
CREATE INDEX "lamindb_collectionproject_run_id_idx" ON "lamindb_collectionproject" ("run_id");
CREATE INDEX "lamindb_collectionproject_created_at_idx" ON "lamindb_collectionproject" ("created_at");
CREATE INDEX "lamindb_collectionproject_created_by_id_idx" ON "lamindb_collectionproject" ("created_by_id");
CREATE UNIQUE INDEX "unique_collectionproject" ON "lamindb_collectionproject" ("collection_id", "project_id");
CREATE TABLE "lamindb_collectionrecord" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "collection_id" integer NOT NULL REFERENCES "lamindb_collection" ("id") DEFERRABLE INITIALLY DEFERRED,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_collectionrecord_collection_id_idx" ON "lamindb_collectionrecord" ("collection_id");
CREATE INDEX "lamindb_collectionrecord_record_id_idx" ON "lamindb_collectionrecord" ("record_id");
CREATE INDEX "lamindb_collectionrecord_feature_id_idx" ON "lamindb_collectionrecord" ("feature_id");
CREATE INDEX "lamindb_collectionrecord_run_id_idx" ON "lamindb_collectionrecord" ("run_id");
CREATE INDEX "lamindb_collectionrecord_created_at_idx" ON "lamindb_collectionrecord" ("created_at");
CREATE INDEX "lamindb_collectionrecord_created_by_id_idx" ON "lamindb_collectionrecord" ("created_by_id");
CREATE UNIQUE INDEX "unique_collectionrecord" ON "lamindb_collectionrecord" ("collection_id", "record_id", "feature_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_collectionrecord_null_feature" ON "lamindb_collectionrecord" ("collection_id", "record_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_collectionreference" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "collection_id" integer NOT NULL REFERENCES "lamindb_collection" ("id") DEFERRABLE INITIALLY DEFERRED,
  "reference_id" integer NOT NULL REFERENCES "lamindb_reference" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_collectionreference_collection_id_idx" ON "lamindb_collectionreference" ("collection_id");
CREATE INDEX "lamindb_collectionreference_reference_id_idx" ON "lamindb_collectionreference" ("reference_id");
CREATE INDEX "lamindb_collectionreference_run_id_idx" ON "lamindb_collectionreference" ("run_id");
CREATE INDEX "lamindb_collectionreference_created_at_idx" ON "lamindb_collectionreference" ("created_at");
CREATE INDEX "lamindb_collectionreference_created_by_id_idx" ON "lamindb_collectionreference" ("created_by_id");
CREATE UNIQUE INDEX "unique_collectionreference" ON "lamindb_collectionreference" ("collection_id", "reference_id");
CREATE TABLE "lamindb_collectionulabel" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "collection_id" integer NOT NULL REFERENCES "lamindb_collection" ("id") DEFERRABLE INITIALLY DEFERRED,
  "ulabel_id" integer NOT NULL REFERENCES "lamindb_ulabel" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_collectionulabel_collection_id_idx" ON "lamindb_collectionulabel" ("collection_id");
CREATE INDEX "lamindb_collectionulabel_ulabel_id_idx" ON "lamindb_collectionulabel" ("ulabel_id");
CREATE INDEX "lamindb_collectionulabel_feature_id_idx" ON "lamindb_collectionulabel" ("feature_id");
CREATE INDEX "lamindb_collectionulabel_run_id_idx" ON "lamindb_collectionulabel" ("run_id");
CREATE INDEX "lamindb_collectionulabel_created_at_idx" ON "lamindb_collectionulabel" ("created_at");
CREATE INDEX "lamindb_collectionulabel_created_by_id_idx" ON "lamindb_collectionulabel" ("created_by_id");
CREATE UNIQUE INDEX "unique_collectionulabel" ON "lamindb_collectionulabel" ("collection_id", "ulabel_id");
CREATE TABLE "lamindb_transformproject" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "transform_id" integer NOT NULL REFERENCES "lamindb_transform" ("id") DEFERRABLE INITIALLY DEFERRED,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_transformproject_transform_id_idx" ON "lamindb_transformproject" ("transform_id");
CREATE INDEX "lamindb_transformproject_project_id_idx" ON "lamindb_transformproject" ("project_id");
CREATE INDEX "lamindb_transformproject_run_id_idx" ON "lamindb_transformproject" ("run_id");
CREATE INDEX "lamindb_transformproject_created_at_idx" ON "lamindb_transformproject" ("created_at");
CREATE INDEX "lamindb_transformproject_created_by_id_idx" ON "lamindb_transformproject" ("created_by_id");
CREATE UNIQUE INDEX "unique_transformproject" ON "lamindb_transformproject" ("transform_id", "project_id");
CREATE TABLE "lamindb_transformrecord" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "transform_id" integer NOT NULL REFERENCES "lamindb_transform" ("id") DEFERRABLE INITIALLY DEFERRED,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_transformrecord_run_id_idx" ON "lamindb_transformrecord" ("run_id");
CREATE INDEX "lamindb_transformrecord_transform_id_idx" ON "lamindb_transformrecord" ("transform_id");
CREATE INDEX "lamindb_transformrecord_record_id_idx" ON "lamindb_transformrecord" ("record_id");
CREATE INDEX "lamindb_transformrecord_feature_id_idx" ON "lamindb_transformrecord" ("feature_id");
CREATE INDEX "lamindb_transformrecord_created_by_id_idx" ON "lamindb_transformrecord" ("created_by_id");
CREATE UNIQUE INDEX "unique_transformrecord" ON "lamindb_transformrecord" ("transform_id", "record_id", "feature_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_transformrecord_null_feature" ON "lamindb_transformrecord" ("transform_id", "record_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_transformreference" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "transform_id" integer NOT NULL REFERENCES "lamindb_transform" ("id") DEFERRABLE INITIALLY DEFERRED,
  "reference_id" integer NOT NULL REFERENCES "lamindb_reference" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_transformreference_transform_id_idx" ON "lamindb_transformreference" ("transform_id");
CREATE INDEX "lamindb_transformreference_reference_id_idx" ON "lamindb_transformreference" ("reference_id");
CREATE INDEX "lamindb_transformreference_run_id_idx" ON "lamindb_transformreference" ("run_id");
CREATE INDEX "lamindb_transformreference_created_at_idx" ON "lamindb_transformreference" ("created_at");
CREATE INDEX "lamindb_transformreference_created_by_id_idx" ON "lamindb_transformreference" ("created_by_id");
CREATE UNIQUE INDEX "unique_transformreference" ON "lamindb_transformreference" ("transform_id", "reference_id");
CREATE TABLE "lamindb_transformtransform" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "successor_id" integer NOT NULL REFERENCES "lamindb_transform" ("id") DEFERRABLE INITIALLY DEFERRED,
  "predecessor_id" integer NOT NULL REFERENCES "lamindb_transform" ("id") DEFERRABLE INITIALLY DEFERRED,
  "config" text NULL CHECK (JSON_VALID("config") OR "config" IS NULL),
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_transformtransform_successor_id_idx" ON "lamindb_transformtransform" ("successor_id");
CREATE INDEX "lamindb_transformtransform_predecessor_id_idx" ON "lamindb_transformtransform" ("predecessor_id");
CREATE INDEX "lamindb_transformtransform_run_id_idx" ON "lamindb_transformtransform" ("run_id");
CREATE INDEX "lamindb_transformtransform_created_at_idx" ON "lamindb_transformtransform" ("created_at");
CREATE INDEX "lamindb_transformtransform_created_by_id_idx" ON "lamindb_transformtransform" ("created_by_id");
CREATE UNIQUE INDEX "unique_transformtransform" ON "lamindb_transformtransform" ("successor_id", "predecessor_id");
CREATE TABLE "lamindb_transformulabel" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "transform_id" integer NOT NULL REFERENCES "lamindb_transform" ("id") DEFERRABLE INITIALLY DEFERRED,
  "ulabel_id" integer NOT NULL REFERENCES "lamindb_ulabel" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_transformulabel_transform_id_idx" ON "lamindb_transformulabel" ("transform_id");
CREATE INDEX "lamindb_transformulabel_ulabel_id_idx" ON "lamindb_transformulabel" ("ulabel_id");
CREATE INDEX "lamindb_transformulabel_run_id_idx" ON "lamindb_transformulabel" ("run_id");
CREATE INDEX "lamindb_transformulabel_created_at_idx" ON "lamindb_transformulabel" ("created_at");
CREATE INDEX "lamindb_transformulabel_created_by_id_idx" ON "lamindb_transformulabel" ("created_by_id");
CREATE UNIQUE INDEX "unique_transformulabel" ON "lamindb_transformulabel" ("transform_id", "ulabel_id");
CREATE TABLE "lamindb_runartifact" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_runartifact_run_id_idx" ON "lamindb_runartifact" ("run_id");
CREATE INDEX "lamindb_runartifact_artifact_id_idx" ON "lamindb_runartifact" ("artifact_id");
CREATE INDEX "lamindb_runartifact_feature_id_idx" ON "lamindb_runartifact" ("feature_id");
CREATE UNIQUE INDEX "unique_runartifact" ON "lamindb_runartifact" ("run_id", "artifact_id", "feature_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_runartifact_null_feature" ON "lamindb_runartifact" ("run_id", "artifact_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_runjsonvalue" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "jsonvalue_id" bigint NOT NULL REFERENCES "lamindb_jsonvalue" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_runjsonvalue_run_id_idx" ON "lamindb_runjsonvalue" ("run_id");
CREATE INDEX "lamindb_runjsonvalue_jsonvalue_id_idx" ON "lamindb_runjsonvalue" ("jsonvalue_id");
CREATE INDEX "lamindb_runjsonvalue_created_at_idx" ON "lamindb_runjsonvalue" ("created_at");
CREATE INDEX "lamindb_runjsonvalue_created_by_id_idx" ON "lamindb_runjsonvalue" ("created_by_id");
CREATE UNIQUE INDEX "unique_runjsonvalue" ON "lamindb_runjsonvalue" ("run_id", "jsonvalue_id");
CREATE TABLE "lamindb_runproject" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_runproject_run_id_idx" ON "lamindb_runproject" ("run_id");
CREATE INDEX "lamindb_runproject_project_id_idx" ON "lamindb_runproject" ("project_id");
CREATE INDEX "lamindb_runproject_created_at_idx" ON "lamindb_runproject" ("created_at");
CREATE INDEX "lamindb_runproject_created_by_id_idx" ON "lamindb_runproject" ("created_by_id");
CREATE UNIQUE INDEX "unique_runproject" ON "lamindb_runproject" ("run_id", "project_id");
CREATE TABLE "lamindb_runrecord" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_runrecord_run_id_idx" ON "lamindb_runrecord" ("run_id");
CREATE INDEX "lamindb_runrecord_record_id_idx" ON "lamindb_runrecord" ("record_id");
CREATE INDEX "lamindb_runrecord_feature_id_idx" ON "lamindb_runrecord" ("feature_id");
CREATE INDEX "lamindb_runrecord_created_at_idx" ON "lamindb_runrecord" ("created_at");
CREATE INDEX "lamindb_runrecord_created_by_id_idx" ON "lamindb_runrecord" ("created_by_id");
CREATE UNIQUE INDEX "unique_runrecord" ON "lamindb_runrecord" ("run_id", "record_id", "feature_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_runrecord_null_feature" ON "lamindb_runrecord" ("run_id", "record_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_runulabel" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "run_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "ulabel_id" integer NOT NULL REFERENCES "lamindb_ulabel" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_runulabel_run_id_idx" ON "lamindb_runulabel" ("run_id");
CREATE INDEX "lamindb_runulabel_ulabel_id_idx" ON "lamindb_runulabel" ("ulabel_id");
CREATE INDEX "lamindb_runulabel_created_at_idx" ON "lamindb_runulabel" ("created_at");
CREATE INDEX "lamindb_runulabel_created_by_id_idx" ON "lamindb_runulabel" ("created_by_id");
CREATE UNIQUE INDEX "unique_runulabel" ON "lamindb_runulabel" ("run_id", "ulabel_id");
CREATE TABLE "lamindb_blockproject" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "block_id" bigint NOT NULL REFERENCES "lamindb_block" ("id") DEFERRABLE INITIALLY DEFERRED,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_blockproject_block_id_idx" ON "lamindb_blockproject" ("block_id");
CREATE INDEX "lamindb_blockproject_project_id_idx" ON "lamindb_blockproject" ("project_id");
CREATE INDEX "lamindb_blockproject_run_id_idx" ON "lamindb_blockproject" ("run_id");
CREATE INDEX "lamindb_blockproject_created_at_idx" ON "lamindb_blockproject" ("created_at");
CREATE INDEX "lamindb_blockproject_created_by_id_idx" ON "lamindb_blockproject" ("created_by_id");
CREATE UNIQUE INDEX "unique_blockproject" ON "lamindb_blockproject" ("block_id", "project_id");
CREATE TABLE "lamindb_featureproject" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_featureproject_feature_id_idx" ON "lamindb_featureproject" ("feature_id");
CREATE INDEX "lamindb_featureproject_project_id_idx" ON "lamindb_featureproject" ("project_id");
CREATE INDEX "lamindb_featureproject_run_id_idx" ON "lamindb_featureproject" ("run_id");
CREATE INDEX "lamindb_featureproject_created_at_idx" ON "lamindb_featureproject" ("created_at");
CREATE INDEX "lamindb_featureproject_created_by_id_idx" ON "lamindb_featureproject" ("created_by_id");
CREATE UNIQUE INDEX "unique_featureproject" ON "lamindb_featureproject" ("feature_id", "project_id");
CREATE TABLE "lamindb_schemacomponent" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "composite_id" integer NOT NULL REFERENCES "lamindb_schema" ("id") DEFERRABLE INITIALLY DEFERRED,
  "component_id" integer NOT NULL REFERENCES "lamindb_schema" ("id") DEFERRABLE INITIALLY DEFERRED,
  "slot" varchar(255) NULL,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_schemacomponent_composite_id_idx" ON "lamindb_schemacomponent" ("composite_id");
CREATE INDEX "lamindb_schemacomponent_component_id_idx" ON "lamindb_schemacomponent" ("component_id");
CREATE INDEX "lamindb_schemacomponent_run_id_idx" ON "lamindb_schemacomponent" ("run_id");
CREATE INDEX "lamindb_schemacomponent_created_at_idx" ON "lamindb_schemacomponent" ("created_at");
CREATE INDEX "lamindb_schemacomponent_created_by_id_idx" ON "lamindb_schemacomponent" ("created_by_id");
CREATE UNIQUE INDEX "unique_schemacomponent_composite_slot_component" ON "lamindb_schemacomponent" ("composite_id", "slot", "component_id");
CREATE UNIQUE INDEX "unique_schemacomponent_composite_slot" ON "lamindb_schemacomponent" ("composite_id", "slot");
CREATE TABLE "lamindb_schemaproject" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "schema_id" integer NOT NULL REFERENCES "lamindb_schema" ("id") DEFERRABLE INITIALLY DEFERRED,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_schemaproject_schema_id_idx" ON "lamindb_schemaproject" ("schema_id");
CREATE INDEX "lamindb_schemaproject_project_id_idx" ON "lamindb_schemaproject" ("project_id");
CREATE INDEX "lamindb_schemaproject_run_id_idx" ON "lamindb_schemaproject" ("run_id");
CREATE INDEX "lamindb_schemaproject_created_at_idx" ON "lamindb_schemaproject" ("created_at");
CREATE INDEX "lamindb_schemaproject_created_by_id_idx" ON "lamindb_schemaproject" ("created_by_id");
CREATE UNIQUE INDEX "unique_schemaproject" ON "lamindb_schemaproject" ("schema_id", "project_id");
CREATE TABLE "lamindb_ulabelproject" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "ulabel_id" integer NOT NULL REFERENCES "lamindb_ulabel" ("id") DEFERRABLE INITIALLY DEFERRED,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_ulabelproject_ulabel_id_idx" ON "lamindb_ulabelproject" ("ulabel_id");
CREATE INDEX "lamindb_ulabelproject_project_id_idx" ON "lamindb_ulabelproject" ("project_id");
CREATE INDEX "lamindb_ulabelproject_run_id_idx" ON "lamindb_ulabelproject" ("run_id");
CREATE INDEX "lamindb_ulabelproject_created_at_idx" ON "lamindb_ulabelproject" ("created_at");
CREATE INDEX "lamindb_ulabelproject_created_by_id_idx" ON "lamindb_ulabelproject" ("created_by_id");
CREATE UNIQUE INDEX "unique_ulabelproject" ON "lamindb_ulabelproject" ("ulabel_id", "project_id");
CREATE TABLE "lamindb_recordartifact" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_recordartifact_record_id_idx" ON "lamindb_recordartifact" ("record_id");
CREATE INDEX "lamindb_recordartifact_feature_id_idx" ON "lamindb_recordartifact" ("feature_id");
CREATE INDEX "lamindb_recordartifact_value_id_idx" ON "lamindb_recordartifact" ("value_id");
CREATE UNIQUE INDEX "unique_recordartifact" ON "lamindb_recordartifact" ("record_id", "feature_id", "value_id");
CREATE TABLE "lamindb_recordcollection" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value_id" integer NOT NULL REFERENCES "lamindb_collection" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_recordcollection_record_id_idx" ON "lamindb_recordcollection" ("record_id");
CREATE INDEX "lamindb_recordcollection_feature_id_idx" ON "lamindb_recordcollection" ("feature_id");
CREATE INDEX "lamindb_recordcollection_value_id_idx" ON "lamindb_recordcollection" ("value_id");
CREATE UNIQUE INDEX "unique_recordcollection" ON "lamindb_recordcollection" ("record_id", "feature_id", "value_id");
CREATE TABLE "lamindb_recordjson" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value" text DEFAULT 'null' NOT NULL CHECK (JSON_VALID("value") OR "value" IS NULL)
);
CREATE INDEX "lamindb_recordjson_record_id_idx" ON "lamindb_recordjson" ("record_id");
CREATE INDEX "lamindb_recordjson_feature_id_idx" ON "lamindb_recordjson" ("feature_id");
CREATE UNIQUE INDEX "unique_recordjson" ON "lamindb_recordjson" ("record_id", "feature_id");
CREATE TABLE "lamindb_recordproject" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_recordproject_record_id_idx" ON "lamindb_recordproject" ("record_id");
CREATE INDEX "lamindb_recordproject_feature_id_idx" ON "lamindb_recordproject" ("feature_id");
CREATE INDEX "lamindb_recordproject_value_id_idx" ON "lamindb_recordproject" ("value_id");
CREATE UNIQUE INDEX "unique_recordproject" ON "lamindb_recordproject" ("record_id", "feature_id", "value_id");
CREATE TABLE "lamindb_recordrecord" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_recordrecord_record_id_idx" ON "lamindb_recordrecord" ("record_id");
CREATE INDEX "lamindb_recordrecord_feature_id_idx" ON "lamindb_recordrecord" ("feature_id");
CREATE INDEX "lamindb_recordrecord_value_id_idx" ON "lamindb_recordrecord" ("value_id");
CREATE UNIQUE INDEX "unique_recordrecord" ON "lamindb_recordrecord" ("record_id", "feature_id", "value_id");
CREATE TABLE "lamindb_recordreference" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value_id" integer NOT NULL REFERENCES "lamindb_reference" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_recordreference_record_id_idx" ON "lamindb_recordreference" ("record_id");
CREATE INDEX "lamindb_recordreference_feature_id_idx" ON "lamindb_recordreference" ("feature_id");
CREATE INDEX "lamindb_recordreference_value_id_idx" ON "lamindb_recordreference" ("value_id");
CREATE UNIQUE INDEX "unique_recordreference" ON "lamindb_recordreference" ("record_id", "feature_id", "value_id");
CREATE TABLE "lamindb_recordrun" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value_id" bigint NOT NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_recordrun_record_id_idx" ON "lamindb_recordrun" ("record_id");
CREATE INDEX "lamindb_recordrun_feature_id_idx" ON "lamindb_recordrun" ("feature_id");
CREATE INDEX "lamindb_recordrun_value_id_idx" ON "lamindb_recordrun" ("value_id");
CREATE UNIQUE INDEX "unique_recordrun" ON "lamindb_recordrun" ("record_id", "feature_id", "value_id");
CREATE TABLE "lamindb_recordtransform" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value_id" integer NOT NULL REFERENCES "lamindb_transform" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_recordtransform_record_id_idx" ON "lamindb_recordtransform" ("record_id");
CREATE INDEX "lamindb_recordtransform_feature_id_idx" ON "lamindb_recordtransform" ("feature_id");
CREATE INDEX "lamindb_recordtransform_value_id_idx" ON "lamindb_recordtransform" ("value_id");
CREATE UNIQUE INDEX "unique_recordtransform" ON "lamindb_recordtransform" ("record_id", "feature_id", "value_id");
CREATE TABLE "lamindb_recordulabel" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value_id" integer NOT NULL REFERENCES "lamindb_ulabel" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_recordulabel_record_id_idx" ON "lamindb_recordulabel" ("record_id");
CREATE INDEX "lamindb_recordulabel_feature_id_idx" ON "lamindb_recordulabel" ("feature_id");
CREATE INDEX "lamindb_recordulabel_value_id_idx" ON "lamindb_recordulabel" ("value_id");
CREATE UNIQUE INDEX "unique_recordulabel" ON "lamindb_recordulabel" ("record_id", "feature_id", "value_id");
CREATE TABLE "lamindb_recorduser" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NOT NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "value_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_recorduser_record_id_idx" ON "lamindb_recorduser" ("record_id");
CREATE INDEX "lamindb_recorduser_feature_id_idx" ON "lamindb_recorduser" ("feature_id");
CREATE INDEX "lamindb_recorduser_value_id_idx" ON "lamindb_recorduser" ("value_id");
CREATE UNIQUE INDEX "unique_recorduser" ON "lamindb_recorduser" ("record_id", "feature_id", "value_id");
CREATE TABLE "lamindb_projectrecord" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_projectrecord_project_id_idx" ON "lamindb_projectrecord" ("project_id");
CREATE INDEX "lamindb_projectrecord_feature_id_idx" ON "lamindb_projectrecord" ("feature_id");
CREATE INDEX "lamindb_projectrecord_record_id_idx" ON "lamindb_projectrecord" ("record_id");
CREATE INDEX "lamindb_projectrecord_run_id_idx" ON "lamindb_projectrecord" ("run_id");
CREATE INDEX "lamindb_projectrecord_created_at_idx" ON "lamindb_projectrecord" ("created_at");
CREATE INDEX "lamindb_projectrecord_created_by_id_idx" ON "lamindb_projectrecord" ("created_by_id");
CREATE UNIQUE INDEX "unique_projectrecord" ON "lamindb_projectrecord" ("project_id", "feature_id", "record_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_projectrecord_null_feature" ON "lamindb_projectrecord" ("project_id", "record_id") WHERE "feature_id" IS NULL;
CREATE TABLE "lamindb_projectuser" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "project_id" integer NOT NULL REFERENCES "lamindb_project" ("id") DEFERRABLE INITIALLY DEFERRED,
  "user_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED,
  "role" varchar(32) NOT NULL
);
CREATE INDEX "lamindb_projectuser_project_id_idx" ON "lamindb_projectuser" ("project_id");
CREATE INDEX "lamindb_projectuser_user_id_idx" ON "lamindb_projectuser" ("user_id");
CREATE INDEX "lamindb_projectuser_role_idx" ON "lamindb_projectuser" ("role");
CREATE UNIQUE INDEX "unique_projectuser" ON "lamindb_projectuser" ("project_id", "user_id", "role");
CREATE TABLE "lamindb_referencerecord" (
  "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  "reference_id" integer NOT NULL REFERENCES "lamindb_reference" ("id") DEFERRABLE INITIALLY DEFERRED,
  "feature_id" integer NULL REFERENCES "lamindb_feature" ("id") DEFERRABLE INITIALLY DEFERRED,
  "record_id" integer NOT NULL REFERENCES "lamindb_record" ("id") DEFERRABLE INITIALLY DEFERRED,
  "run_id" bigint NULL REFERENCES "lamindb_run" ("id") DEFERRABLE INITIALLY DEFERRED,
  "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL,
  "created_by_id" integer NOT NULL REFERENCES "lamindb_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "lamindb_referencerecord_reference_id_idx" ON "lamindb_referencerecord" ("reference_id");
CREATE INDEX "lamindb_referencerecord_feature_id_idx" ON "lamindb_referencerecord" ("feature_id");
CREATE INDEX "lamindb_referencerecord_record_id_idx" ON "lamindb_referencerecord" ("record_id");
CREATE INDEX "lamindb_referencerecord_run_id_idx" ON "lamindb_referencerecord" ("run_id");
CREATE INDEX "lamindb_referencerecord_created_at_idx" ON "lamindb_referencerecord" ("created_at");
CREATE INDEX "lamindb_referencerecord_created_by_id_idx" ON "lamindb_referencerecord" ("created_by_id");
CREATE UNIQUE INDEX "unique_referencerecord" ON "lamindb_referencerecord" ("reference_id", "feature_id", "record_id") WHERE "feature_id" IS NOT NULL;
CREATE UNIQUE INDEX "unique_referencerecord_null_feature" ON "lamindb_referencerecord" ("reference_id", "record_id") WHERE "feature_id" IS NULL;
INSERT INTO "django_migrations" ("app", "name", "applied") VALUES
  ('lamindb', '0177_squashed', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0177_alter_artifactblock_artifact_and_more', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0178_v2_2', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0179_v2_2_part_2', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0180_v2_2_part_3', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0181_v2_2_part_4', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0182_v2_2_part_5', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0183_v2_2_part_6', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0183_squashed', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0184_alter_transformrecord_feature', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0185_alter_runrecord_feature', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0186_v2_4', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0187_v2_4_part_2', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0187_squashed', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0188_remove_record_prevent_record_type_cycle_and_more', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0189_v2_6', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0190_v2_6_1', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0191_artifactschema_unique_slot_schema', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0192_v2_9', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0193_v2_9_part_2', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))),
  ('lamindb', '0193_squashed', (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')));
