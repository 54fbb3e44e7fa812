import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHELL_LIBRARY } from "./commands/shell-library.ts";

const hasTools = ["bash", "jq"].every((tool) => spawnSync(tool, ["--version"]).status === 0);
const DAY = "20251127";

let folder: string;

/** Runs a script as the users of the older library write it, in a folder that has a lake. */
function bash(script: string): string {
  const text = `set -euo pipefail\nsource "$LIBRARY"\nsource "$LIBRARY"\n${script}`;
  const { CORTEX_HOME: _, MEDALLION_LAKE: __, ...inherited } = process.env;
  const env = { ...inherited, LIBRARY: SHELL_LIBRARY, MEDALLION_QUIET: "1" };
  const { status, stdout, stderr } = spawnSync("bash", ["-c", text], { cwd: folder, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`ended with ${status}: ${stderr}`);
  return stdout;
}

const task = (number: number, status: string, seconds: number | null, master: string) => ({
  task_id: `task-${number}`,
  status,
  assigned_to: master,
  description: `Do number ${number}`,
  created_at: `2025-11-27T10:0${number}:00-0600`,
  completed_at: seconds === null ? null : `2025-11-27T10:0${number}:${seconds}-0600`,
  ...(status === "failed" ? { error: "timeout" } : {}),
});

describe.skipIf(!hasTools)("scripts written for the older shell library (skipped without bash and jq)", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "medallion-original-"));
    await mkdir(join(folder, "tasks"));
    const tasks = [
      task(1, "completed", 40, "security-master"),
      task(2, "completed", 20, "security-master"),
      task(3, "failed", 50, "development-master"),
      task(4, "in_progress", null, "development-master"),
    ];
    for (const item of tasks) {
      await writeFile(join(folder, "tasks", `${item.task_id}.json`), JSON.stringify(item, null, 2));
    }
    const values = [12.5, 7.5].map((value, index) => ({
      metric_name: "tokens",
      metric_value: value,
      timestamp: `2025-11-27T1${index}:00:00Z`,
    }));
    await writeFile(join(folder, "metrics.json"), values.map((value) => JSON.stringify(value)).join("\n"));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("init_medallion makes the lake", () => {
    bash("init_medallion");
    expect(bash("ls coordination/medallion")).toContain("bronze\n");
  });

  it("ingest_task_to_bronze keeps the task files", () => {
    bash('for f in tasks/*.json; do ingest_task_to_bronze "$(basename "$f" .json)" "$f"; done');
    expect(bash("cat coordination/medallion/bronze/raw-tasks/*.jsonl | jq -s length")).toBe("4\n");
  });

  it("ingest_to_bronze keeps events, and lineage with them", () => {
    bash(`ingest_to_bronze heartbeat '{"worker_id":"w-1","timestamp":"2025-11-27T10:00:00Z"}'
      ingest_to_bronze lineage '{"lineage_id":"lineage-1","task_id":"task-1","event_type":"task_started","timestamp":"2025-11-27T10:00:00-0600"}'
      ingest_to_bronze lineage '{"task_id":"task-1"}'`);
    expect(bash("ls coordination/medallion/bronze/events | sed 's/-[0-9]*.jsonl//'")).toBe("heartbeat\nlineage\n");
  });

  it("ingest_metrics_to_bronze keeps a master's metrics", () => {
    bash("ingest_metrics_to_bronze security-master metrics.json");
    expect(bash("ls coordination/medallion/bronze/raw-metrics")).toMatch(/^security-master-[0-9]{8}\.jsonl\n$/);
  });

  it("process_tasks_to_silver makes training data", () => {
    bash(`process_tasks_to_silver ${DAY}`);
    const script = `cat coordination/medallion/silver/processed-tasks/${DAY}.jsonl |
      jq -c 'select(.is_success) | [.description, .duration_seconds, .master]'`;
    expect(bash(script)).toBe('["Do number 1",40,"security-master"]\n["Do number 2",20,"security-master"]\n');
  });

  it("validate_lineage_to_silver sets aside what is wrong", () => {
    bash(`validate_lineage_to_silver ${DAY}`);
    const silver = `cat coordination/medallion/silver/validated-lineage/${DAY}.jsonl | jq -r .lineage_id`;
    expect(bash(silver)).toBe("lineage-1\n");
    expect(bash("cat coordination/medallion/silver/quarantine/lineage/*.jsonl | jq -r .rule")).toBe(
      "event_type.required\n",
    );
  });

  it("aggregate_metrics_to_silver aggregates by master and day", () => {
    bash(`aggregate_metrics_to_silver security-master ${DAY}`);
    const file = `coordination/medallion/silver/aggregated-metrics/security-master-${DAY}.json`;
    expect(bash(`cat ${file} | jq -c '.metrics[0] | [.metric_name, .count, .sum, .avg, .min, .max]'`)).toBe(
      '["tokens",2,20,10,7.5,12.5]\n',
    );
  });

  it("generate_daily_analytics makes the daily summary", () => {
    bash(`generate_daily_analytics ${DAY}`);
    const script = `cat coordination/medallion/gold/analytics/daily-${DAY}.json |
      jq -c '.summary | [.total_tasks, .completed_tasks, .failed_tasks, .completion_rate]'`;
    expect(bash(script)).toBe("[4,2,1,50]\n");
  });

  it("generate_kpis makes KPIs over seven days", () => {
    bash("generate_kpis 20251121 20251127");
    const script = `cat coordination/medallion/gold/kpis/kpis-20251121-to-20251127.json |
      jq -c '.date_range, (.kpis | [.total_tasks, .avg_completion_rate, .avg_task_duration])'`;
    expect(bash(script)).toBe('{"start":"20251121","end":"20251127"}\n[4,50,36.667]\n');
  });

  it("generate_master_report makes a master's report", () => {
    bash(`generate_master_report security-master ${DAY}`);
    const script = `cat coordination/medallion/gold/reports/security-master-${DAY}.json |
      jq -c '(.metrics | [.total_tasks, .completed, .failed, .completion_rate, .avg_duration]), [.task_list[].task_id]'`;
    expect(bash(script)).toBe('[2,2,0,100,30]\n["task-1","task-2"]\n');
  });

  it("run_medallion_pipeline does all of it, and the average completion rate is read from daily-*.json", () => {
    bash(`run_medallion_pipeline ${DAY}`);
    bash("run_medallion_pipeline 20251126");
    const script = `cat coordination/medallion/gold/analytics/daily-*.json |
      jq -s '[.[].summary.completion_rate | select(. != null)] | add / length'`;
    expect(bash(script)).toBe("50\n");
  });

  it("the audit trail of one task is in bronze", () => {
    const script = `cat coordination/medallion/bronze/raw-tasks/*.jsonl | jq -c 'select(.task_id == "task-3") | [.status, .layer]'`;
    expect(bash(script)).toBe('["failed","bronze"]\n');
  });

  it("lineage and metrics are handed over from the files of the day", () => {
    const script = `cat coordination/medallion/silver/validated-lineage/${DAY}.jsonl | jq -c '[.task_id, .event_type]'
      cat coordination/medallion/silver/aggregated-metrics/*-${DAY}.json | jq -r '.metrics[].metric_name'`;
    expect(bash(script)).toBe('["task-1","task_started"]\ntokens\n');
  });

  it("the cron line and the daily daemon run", () => {
    expect(bash(`bash -c 'source "$LIBRARY" && run_medallion_pipeline yesterday' && echo done`)).toBe("done\n");
    const daemon = `sleep() { echo "slept $1"; exit 0; }
      while true; do run_medallion_pipeline "$(date +%Y%m%d)"; sleep 86400; done`;
    expect(bash(daemon)).toBe("slept 86400\n");
  });

  it("a function that fails ends with another code than 0", () => {
    for (const call of ["generate_kpis 20251127 20251120", "ingest_task_to_bronze task-9 nowhere.json"]) {
      expect(bash(`if ${call} 2>/dev/null; then echo no; else echo "code $?"; fi`)).toBe("code 2\n");
    }
    expect(() => bash("generate_daily_analytics 2025-13-01")).toThrow(/2025-13-01/);
  });
});
