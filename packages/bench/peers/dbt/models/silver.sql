{{ config(post_hook=[
  "COPY (SELECT line, day FROM {{ this }} ORDER BY \"timestamp\", ingested_at) TO '{{ env_var('BENCH_OUTPUT') }}/silver' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01', PARTITION_BY (day), FILE_EXTENSION 'jsonl', OVERWRITE_OR_IGNORE)",
  "COPY (SELECT * EXCLUDE (json, line) FROM {{ this }} ORDER BY \"timestamp\", ingested_at) TO '{{ env_var('BENCH_OUTPUT') }}/silver' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (day), OVERWRITE_OR_IGNORE)"
]) }}
{% set names = ["task_id", "id", "status", "timestamp", "updated_at", "completed_at", "created_at", "started_at", "ingested_at", "master", "assigned_to", "type", "priority", "title", "description", "error", "source_file"] %}
WITH fields AS (
  SELECT json, unnest(from_json(json, '{ {%- for name in names %}"{{ name }}":"VARCHAR"{{ "," if not loop.last }}{% endfor -%} }'))
  FROM read_ndjson_objects('{{ env_var("BENCH_BRONZE") }}/*.jsonl', ignore_errors = true)
), typed AS (
  SELECT json, coalesce(task_id, id) AS task_id, status,
    TRY_CAST(coalesce("timestamp", updated_at, completed_at, created_at, ingested_at) AS TIMESTAMPTZ) AS "timestamp",
    coalesce(master, assigned_to) AS master, type, priority, title, description, error, source_file,
    TRY_CAST(created_at AS TIMESTAMPTZ) AS created_at, TRY_CAST(started_at AS TIMESTAMPTZ) AS started_at,
    TRY_CAST(completed_at AS TIMESTAMPTZ) AS completed_at, TRY_CAST(updated_at AS TIMESTAMPTZ) AS updated_at,
    TRY_CAST(ingested_at AS TIMESTAMPTZ) AS ingested_at
  FROM fields
), enriched AS (
  SELECT *, status = 'completed' AS is_success, status = 'failed' AS is_failure,
    status IN ('cancelled', 'canceled') AS is_cancelled, error IS NOT NULL AS has_error,
    (epoch_us(completed_at) - epoch_us(created_at)) / 1000000 AS duration_seconds
  FROM typed
  WHERE task_id IS NOT NULL AND status IS NOT NULL AND "timestamp" IS NOT NULL
)
SELECT *, strftime("timestamp", '%Y%m%d') AS day,
  json_merge_patch(json, json_object(
    'task_id', task_id, 'timestamp', strftime("timestamp", '%Y-%m-%dT%H:%M:%S.%fZ'), 'master', master,
    'duration_seconds', duration_seconds, 'is_success', is_success, 'is_failure', is_failure,
    'is_cancelled', is_cancelled, 'has_error', has_error, 'layer', 'silver',
    'processed_at', strftime(now(), '%Y-%m-%dT%H:%M:%S.%fZ'))) AS line
FROM enriched
QUALIFY row_number() OVER (PARTITION BY task_id, "timestamp" ORDER BY ingested_at DESC) = 1
