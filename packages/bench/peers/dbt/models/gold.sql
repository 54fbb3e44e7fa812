{{ config(post_hook="COPY {{ this }} TO '{{ env_var('BENCH_OUTPUT') }}/gold.json' (FORMAT json)") }}
WITH latest AS (
  SELECT * FROM {{ ref('silver') }}
  QUALIFY row_number() OVER (PARTITION BY day, task_id ORDER BY "timestamp" DESC) = 1
), masters AS (
  SELECT day, coalesce(master, 'unassigned') AS master, count(*) AS total, count_if(is_success) AS completed,
    round(avg(duration_seconds), 3) AS avg_duration_seconds
  FROM latest GROUP BY ALL
)
SELECT day, count(*) AS total_tasks, count_if(is_success) AS completed_tasks, count_if(is_failure) AS failed_tasks,
  count_if(is_cancelled) AS cancelled_tasks,
  round(100 * count_if(is_success) / count(*), 1) AS completion_rate,
  round(avg(duration_seconds), 3) AS avg_duration_seconds,
  round(quantile_cont(duration_seconds, 0.5), 3) AS p50_duration,
  round(quantile_cont(duration_seconds, 0.95), 3) AS p95_duration,
  round(quantile_cont(duration_seconds, 0.99), 3) AS p99_duration,
  (SELECT list(m ORDER BY m.master) FROM masters AS m WHERE m.day = latest.day) AS by_master
FROM latest GROUP BY day ORDER BY day
