#!/usr/bin/env bash
# Silver and gold in the way of a shell pipeline: BRONZE_FILE OUTPUT_FOLDER
set -euo pipefail
bronze=$1
output=$2
mkdir -p "$output/silver" "$output/gold"

# silver: read the fields, compute others, drop duplicates, sort, one file a day
jq -c --arg now "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '
  def instant: try (sub("\\.[0-9]+Z$"; "Z") | fromdateiso8601) catch null;
  select(.raw == null)
  | (.task_id // .id) as $id
  | (.timestamp // .updated_at // .completed_at // .created_at // .ingested_at) as $time
  | select($id != null and .status != null and $time[4:5] == "-")
  | (if .completed_at != null and .created_at != null
      then (.completed_at | instant) as $to | (.created_at | instant) as $from
        | if $to != null and $from != null then $to - $from else null end
      else null end) as $duration
  | . + {
      task_id: $id, timestamp: $time, master: (.master // .assigned_to), duration_seconds: $duration,
      is_success: (.status == "completed"), is_failure: (.status == "failed"),
      is_cancelled: (.status == "cancelled" or .status == "canceled"),
      has_error: (.error != null), layer: "silver", processed_at: $now
    }' "$bronze" > "$output/enriched.jsonl"
jq -s -c 'group_by([.task_id, .timestamp]) | map(max_by(.ingested_at)) | sort_by(.timestamp, .ingested_at)[]' \
  "$output/enriched.jsonl" > "$output/unique.jsonl"
jq -r '"\(.timestamp[0:10] | gsub("-"; ""))\t\(tojson)"' "$output/unique.jsonl" |
  awk -F '\t' -v folder="$output/silver" '{ print substr($0, 10) > (folder "/" $1 ".jsonl") }'

# gold: group and average, a document a day
for day in "$output"/silver/*.jsonl; do
  jq -s --arg date "$(basename "$day" .jsonl)" '
    def rate(part; all): if all == 0 then null else (part * 1000 / all | round) / 10 end;
    def mean: if length == 0 then null else add / length end;
    def percentile(p): sort | if length == 0 then null else .[((length - 1) * p | floor)] end;
    def outcome: {
      total: length,
      completed: map(select(.is_success)) | length,
      failed: map(select(.is_failure)) | length,
      cancelled: map(select(.is_cancelled)) | length,
      avg_duration_seconds: map(.duration_seconds | values) | mean
    } | . + {completion_rate: rate(.completed; .total)};
    group_by(.task_id) | map(max_by(.timestamp)) | map(.duration_seconds | values) as $durations
    | {
        date: $date, layer: "gold",
        summary: (outcome + {min_duration_seconds: ($durations | min), max_duration_seconds: ($durations | max)}),
        by_master: (group_by(.master) | map({master: (.[0].master // "unassigned")} + outcome)),
        by_status: (group_by(.status) | map({status: .[0].status, count: length})),
        by_priority: (group_by(.priority) | map({priority: (.[0].priority // "unknown"), count: length})),
        by_type: (group_by(.type) | map({type: (.[0].type // "unknown"), count: length})),
        performance: {
          p50_duration: ($durations | percentile(0.5)), p95_duration: ($durations | percentile(0.95)),
          p99_duration: ($durations | percentile(0.99)),
          buckets: {
            fast: ($durations | map(select(. < 30)) | length),
            normal: ($durations | map(select(. >= 30 and . <= 60)) | length),
            slow: ($durations | map(select(. > 60)) | length)
          }
        }
      }' "$day" > "$output/gold/daily-$(basename "$day" .jsonl).json"
done
