import { spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { workplace } from "../testing/medallion.ts";
import { SHELL_LIBRARY } from "./shell-library.ts";

interface Call {
  readonly args: readonly string[];
  readonly input: string;
}

interface Shell {
  readonly folder: string;
  /** Runs a script that has sourced the library. */
  bash(script: string, environment?: Readonly<Record<string, string>>): Promise<ShellOutcome>;
}

interface ShellOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: readonly Call[];
}

/** A command that writes down how it was called, and ends with $STUB_CODE. */
const STUB = `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require("node:fs");
const args = process.argv.slice(2);
const input = args.at(-1) === "-" ? readFileSync(0, "utf8") : "";
if (args[0] !== "init" || process.env.STUB_INIT) appendFileSync(process.env.STUB_CALLS, JSON.stringify({ args, input }) + "\\n");
process.exitCode = Number(process.env.STUB_CODE ?? 0);
`;

/** @param beside whether the command is where the package has it, or on PATH */
async function shell(beside = false): Promise<Shell> {
  const folder = await mkdtemp(join(tmpdir(), "medallion shell-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "package/lib"), { recursive: true });
  await mkdir(join(folder, "package/bin"));
  await mkdir(join(folder, "path"));
  await copyFile(SHELL_LIBRARY, join(folder, "package/lib/medallion.sh"));
  const stub = join(folder, beside ? "package/bin/medallion.js" : "path/medallion");
  await writeFile(stub, STUB);
  await chmod(stub, 0o755);
  const calls = join(folder, "calls");
  return {
    folder,
    async bash(script, environment = {}) {
      await writeFile(calls, "");
      const text = `set -euo pipefail\nsource "$LIBRARY"\nsource "$LIBRARY"\n${script}\n`;
      const { CORTEX_HOME: _, MEDALLION_LAKE: __, ...inherited } = process.env;
      const { status, stdout, stderr } = spawnSync("bash", ["-c", text], {
        cwd: folder,
        encoding: "utf8",
        env: {
          ...inherited,
          LIBRARY: join(folder, "package/lib/medallion.sh"),
          STUB_CALLS: calls,
          PATH: `${join(folder, "path")}:${process.env.PATH}`,
          ...environment,
        },
      });
      const lines = (await readFile(calls, "utf8")).split("\n").filter(Boolean);
      return { code: status, stdout, stderr, calls: lines.map((line) => JSON.parse(line)) };
    },
  };
}

describe.skipIf(process.platform === "win32")("the shell library", { timeout: 120_000 }, () => {
  it("calls the command of every function with its arguments", async () => {
    const { bash, folder } = await shell();
    await writeFile(join(folder, "a file.json"), "{}");
    const { code, stdout, stderr, calls } = await bash(
      `
      ingest_to_bronze "task started" '{"a": "it'"'"'s \\n"}'
      ingest_task_to_bronze "id 1" "a file.json"
      ingest_metrics_to_bronze "-m; rm x" "a file.json"
      process_tasks_to_silver 2025-11-27
      validate_lineage_to_silver yesterday
      aggregate_metrics_to_silver 'a "b" $HOME' 20251127
      generate_daily_analytics 20251127
      generate_kpis 20251121 20251127
      generate_master_report -x 20251127
      run_medallion_pipeline 20251127
      run_medallion_pipeline
    `,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr.trim().split("\n")).toHaveLength(11);
    const lake = ["--quiet", "--lake", join(folder, "coordination/medallion")];
    expect(calls).toEqual([
      { args: ["ingest", ...lake, "--type=task started", "--", "events", "-"], input: '{"a": "it\'s \\n"}\n' },
      { args: ["ingest", ...lake, "--", "tasks", "a file.json"], input: "" },
      { args: ["ingest", ...lake, "--master=-m; rm x", "--", "metrics", "a file.json"], input: "" },
      { args: ["promote", ...lake, "--", "tasks", "2025-11-27"], input: "" },
      { args: ["promote", ...lake, "--", "lineage", "yesterday"], input: "" },
      { args: ["promote", ...lake, '--master=a "b" $HOME', "--", "metrics", "20251127"], input: "" },
      { args: ["analytics", "daily", ...lake, "--", "20251127"], input: "" },
      { args: ["kpis", ...lake, "--", "20251121", "20251127"], input: "" },
      { args: ["report", ...lake, "--", "-x", "20251127"], input: "" },
      { args: ["run", ...lake, "--", "20251127"], input: "" },
      { args: ["run", ...lake, "--", "today"], input: "" },
    ]);
  });

  it("finds the command beside it, and the lake where it is said to be", async () => {
    const { bash, folder } = await shell(true);
    const lakeOf = async (environment: Readonly<Record<string, string>>) => {
      const { calls } = await bash("init_medallion", { STUB_INIT: "1", PATH: process.env.PATH ?? "", ...environment });
      return calls.map(({ args }) => args);
    };
    expect(await lakeOf({})).toEqual([["init", "--quiet", "--lake", join(folder, "coordination/medallion")]]);
    expect(await lakeOf({ CORTEX_HOME: "/cortex" })).toEqual([
      ["init", "--quiet", "--lake", "/cortex/coordination/medallion"],
    ]);
    expect(await lakeOf({ CORTEX_HOME: "/cortex", MEDALLION_LAKE: "x y" })).toEqual([
      ["init", "--quiet", "--lake", "x y"],
    ]);
  });

  it("makes the lake that is not there yet, and only then", async () => {
    const { bash, folder } = await shell();
    const names = async () =>
      (await bash("run_medallion_pipeline", { STUB_INIT: "1" })).calls.map(({ args }) => args[0]);
    expect(await names()).toEqual(["init", "run"]);
    await mkdir(join(folder, "coordination/medallion/_medallion"), { recursive: true });
    await writeFile(join(folder, "coordination/medallion/_medallion/lake.json"), "{}");
    expect(await names()).toEqual(["run"]);
  });

  it("takes data of any length, and pipes", async () => {
    const { bash } = await shell();
    const { code, calls } = await bash(`
      big=$(printf '%03000000d' 7)
      ingest_to_bronze t "[$big]"
      ingest_task_to_bronze t1 <(echo '{"task_id":"t1"}')
    `);
    expect(code).toBe(0);
    expect(calls[0]?.input).toHaveLength(3_000_003);
    expect(calls[1]).toMatchObject({ args: expect.arrayContaining(["tasks", "-"]), input: '{"task_id":"t1"}\n' });
  });

  it("fails as the command does, also in a condition and without `set -e`", async () => {
    const { bash, folder } = await shell();
    await writeFile(join(folder, "f"), "{}");
    await mkdir(join(folder, "coordination/medallion/_medallion"), { recursive: true });
    await writeFile(join(folder, "coordination/medallion/_medallion/lake.json"), "{}");
    for (const call of [
      "init_medallion",
      "ingest_to_bronze t '{}'",
      "ingest_task_to_bronze a f",
      "ingest_metrics_to_bronze m f",
      "process_tasks_to_silver today",
      "validate_lineage_to_silver today",
      "aggregate_metrics_to_silver m today",
      "generate_daily_analytics today",
      "generate_kpis today today",
      "generate_master_report m today",
      "run_medallion_pipeline today",
    ]) {
      const failing = await bash(`${call}; echo not reached`, { STUB_CODE: "75" });
      expect({ call, code: failing.code, stdout: failing.stdout, stderr: failing.stderr }).toEqual({
        call,
        code: 75,
        stdout: "",
        stderr: "",
      });
      const code = await bash(`set +e; if ${call}; then echo yes; else echo "no $?"; fi`, { STUB_CODE: "1" });
      expect(code.stdout).toBe("no 1\n");
    }
  });

  it("refuses wrong arguments with 2 and calls nothing", async () => {
    const { bash } = await shell();
    for (const call of [
      "init_medallion x",
      "ingest_to_bronze t",
      "ingest_to_bronze t ''",
      "ingest_task_to_bronze f",
      "ingest_task_to_bronze '' package/lib/medallion.sh",
      "ingest_task_to_bronze a none.json",
      "ingest_task_to_bronze a package",
      "ingest_metrics_to_bronze m",
      "process_tasks_to_silver ''",
      "aggregate_metrics_to_silver",
      "generate_kpis today",
      "generate_master_report '' today",
      "run_medallion_pipeline a b",
    ]) {
      const { code, stdout, stderr, calls } = await bash(call);
      expect({ call, code, stdout, calls }).toEqual({ call, code: 2, stdout: "", calls: [] });
      expect(stderr).toMatch(/^medallion: expected /);
    }
  });

  it("is where the command says", async () => {
    const place = await workplace();
    const { stdout } = await place.medallion(["shell-library"]);
    expect(stdout).toBe(`${SHELL_LIBRARY}\n`);
    const script = `set -euo pipefail; source "${SHELL_LIBRARY}"; init_medallion; test -f lake/_medallion/lake.json`;
    const { status, stderr } = spawnSync("bash", ["-c", script], {
      cwd: place.folder,
      encoding: "utf8",
      env: { ...process.env, MEDALLION_LAKE: "lake" },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "medallion: the lake is lake\n" });
  });
});
