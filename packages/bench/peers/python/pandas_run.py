"""Silver and gold in pandas, without checks: BRONZE_FOLDER OUTPUT_FOLDER"""

import json
import sys
from datetime import datetime, timezone
from pathlib import Path

import pandas as pd

bronze, output = (Path(word) for word in sys.argv[1:3])
silver, gold = output / "silver", output / "gold"
for folder in (silver, gold):
    folder.mkdir(parents=True, exist_ok=True)

frame = pd.concat(
    [pd.read_json(path, lines=True, dtype=False) for path in sorted(bronze.glob("*.jsonl"))]
)


def column(name):
    return frame[name] if name in frame else pd.Series(None, index=frame.index, dtype="object")


def instant(values):
    return pd.to_datetime(values, format="ISO8601", utc=True, errors="coerce")


frame["task_id"] = column("task_id").fillna(column("id"))
frame["master"] = column("master").fillna(column("assigned_to"))
time = column("timestamp")
for name in ("updated_at", "completed_at", "created_at", "ingested_at"):
    time = time.fillna(column(name))
frame["timestamp"] = instant(time)
frame = frame[frame["task_id"].notna() & frame["status"].notna() & frame["timestamp"].notna()]
frame["duration_seconds"] = (instant(frame["completed_at"]) - instant(frame["created_at"])).dt.total_seconds()
frame["is_success"] = frame["status"] == "completed"
frame["is_failure"] = frame["status"] == "failed"
frame["is_cancelled"] = frame["status"].isin(["cancelled", "canceled"])
frame["has_error"] = frame["error"].notna()
frame["layer"] = "silver"
frame["processed_at"] = datetime.now(timezone.utc).isoformat()
frame = frame.sort_values(["timestamp", "ingested_at"]).drop_duplicates(["task_id", "timestamp"], keep="last")
frame["day"] = frame["timestamp"].dt.strftime("%Y%m%d")


def rate(part, whole):
    return None if whole == 0 else round(100 * part / whole, 1)


def outcome(rows):
    completed, cancelled = int(rows["is_success"].sum()), int(rows["is_cancelled"].sum())
    mean = rows["duration_seconds"].mean()
    return {
        "total": len(rows),
        "completed": completed,
        "failed": int(rows["is_failure"].sum()),
        "cancelled": cancelled,
        "completion_rate": rate(completed, len(rows)),
        "success_rate": rate(completed, len(rows) - cancelled),
        "avg_duration_seconds": None if pd.isna(mean) else round(mean, 3),
    }


def shares(rows, name):
    counts = rows[name].fillna("unknown").astype(str).value_counts().sort_index()
    return [{name: value, "count": int(count)} for value, count in counts.items()]


nested = [name for name in ("context", "labels", "error") if name in frame]
for day, rows in frame.groupby("day"):
    rows = rows.drop(columns="day")
    rows.to_json(silver / f"{day}.jsonl", orient="records", lines=True, date_format="iso")
    flat = rows.assign(**{name: rows[name].map(json.dumps) for name in nested})
    flat = flat.assign(status=flat["status"].astype(str), priority=flat["priority"].astype(str))
    flat.to_parquet(silver / f"{day}.parquet", compression="zstd")
    latest = rows.drop_duplicates("task_id", keep="last")
    durations = latest["duration_seconds"].dropna()
    document = {
        "date": day,
        "layer": "gold",
        "summary": outcome(latest),
        "by_master": [
            {"master": master, **outcome(group)} for master, group in latest.groupby(latest["master"].fillna("unassigned"))
        ],
        "by_status": shares(latest, "status"),
        "by_priority": shares(latest, "priority"),
        "by_type": shares(latest, "type"),
        "performance": {
            **{f"p{p}_duration": None if durations.empty else round(durations.quantile(p / 100), 3) for p in (50, 95, 99)},
            "buckets": {
                "fast": int((durations < 30).sum()),
                "normal": int(durations.between(30, 60).sum()),
                "slow": int((durations > 60).sum()),
            },
        },
    }
    (gold / f"daily-{day}.json").write_text(json.dumps(document) + "\n")
