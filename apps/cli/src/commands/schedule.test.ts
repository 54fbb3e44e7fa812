import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { documentOf, workplace, workplaceWithLake } from "../testing/medallion.ts";
import { runInChild } from "./schedule/child-run.ts";
import { cronStarts, type Heartbeat, type RunLog, runBySchedule } from "./schedule/scheduler.ts";
import { crontabLines, systemdUnit } from "./schedule/units.ts";

const BIN = fileURLToPath(new URL("../../bin/medallion.js", import.meta.url));

/** A scheduler on a clock of its own, in which every run takes `minutes`. */
async function scheduled(options: {
  minutes: number;
  codes: number[];
  until: string;
  onceAtStart?: boolean;
  runs?: string[][];
}) {
  let time = Date.parse("2026-01-01T00:30:00Z");
  const stop = new AbortController();
  const [beats, logs, starts]: [Heartbeat[], RunLog[], string[]] = [[], [], []];
  const interrupted = await runBySchedule(
    {
      next: cronStarts("0 1 * * *", "UTC"),
      runs: options.runs ?? [["yesterday"]],
      onceAtStart: options.onceAtStart ?? false,
      async run(args) {
        starts.push(`${new Date(time).toISOString().slice(0, 16)} ${args.join(" ")}`);
        time += options.minutes * 60_000;
        if (time >= Date.parse(options.until)) stop.abort();
        return { code: options.codes.shift() ?? 0, result: null, error: null };
      },
      beat: async (heartbeat) => void beats.push(heartbeat),
      log: (entry) => void logs.push(entry),
      now: () => new Date(time),
      async sleep(milliseconds) {
        expect(milliseconds).toBeLessThanOrEqual(60_000);
        time += milliseconds;
        if (time >= Date.parse(options.until)) stop.abort();
      },
    },
    stop.signal,
  );
  return { beats, logs, starts, interrupted };
}

describe("the scheduler", () => {
  it("runs at its times, and goes on after a failure", async () => {
    const { starts, logs, beats, interrupted } = await scheduled({
      minutes: 5,
      codes: [1, 0],
      until: "2026-01-02T02:00:00Z",
    });
    expect(starts).toEqual(["2026-01-01T01:00 yesterday", "2026-01-02T01:00 yesterday"]);
    expect(logs.map(({ code }) => code)).toEqual([1, 0]);
    expect(interrupted).toBe(false);
    const failed = beats.find((beat) => beat.last_result === "failed");
    expect(failed).toMatchObject({
      state: "waiting",
      next: "2026-01-02T01:00:00.000Z",
      last_start: "2026-01-01T01:00:00.000Z",
      last_end: "2026-01-01T01:05:00.000Z",
    });
    expect(beats.at(-1)).toMatchObject({ state: "stopped", next: null, last_result: "ok" });
    for (const [index, beat] of beats.slice(1).entries()) {
      expect(Date.parse(beat.at) - Date.parse(beats[index]?.at ?? "")).toBeLessThanOrEqual(5 * 60_000);
    }
  });

  it("lets no two runs overlap: starts that fall into a run are passed over", async () => {
    const { starts } = await scheduled({
      minutes: 60 * 30,
      codes: [],
      until: "2026-01-06T00:00:00Z",
      onceAtStart: true,
    });
    expect(starts).toEqual(["2026-01-01T00:30 yesterday", "2026-01-03T01:00 yesterday", "2026-01-05T01:00 yesterday"]);
  });

  it("does several runs one after the other, also after one has failed", async () => {
    const runs = [["yesterday"], ["today", "--wait", "5"]];
    const { starts, beats } = await scheduled({ minutes: 1, codes: [75, 0], until: "2026-01-01T02:00:00Z", runs });
    expect(starts).toEqual(["2026-01-01T01:00 yesterday", "2026-01-01T01:01 today --wait 5"]);
    expect(beats.at(-1)?.last_result).toBe("failed");
  });

  it("says when a run was interrupted", async () => {
    const { interrupted, beats } = await scheduled({ minutes: 120, codes: [130], until: "2026-01-01T02:00:00Z" });
    expect(interrupted).toBe(true);
    expect(beats.at(-1)).toMatchObject({ state: "stopped", last_result: "interrupted" });
  });

  it("reads cron expressions in a time zone", () => {
    const berlin = cronStarts("30 2 * * *", "Europe/Berlin");
    expect(berlin(new Date("2026-01-01T00:00:00Z")).toISOString()).toBe("2026-01-01T01:30:00.000Z");
    expect(berlin(new Date("2026-07-01T00:00:00Z")).toISOString()).toBe("2026-07-01T00:30:00.000Z");
    for (const wrong of ["", "daily", "61 * * * *", "* * *", "0 0 1 1 * * 2020", "0 0 30 2 *"]) {
      expect(() => cronStarts(wrong, "UTC")).toThrow(/Expected a cron expression/);
    }
  });

  it("keeps apart what a run does to its process", async () => {
    const place = await workplace();
    const script = join(place.folder, "run.mjs");
    const never = new AbortController().signal;
    await writeFile(script, 'console.error("it broke"); process.exit(3)');
    expect(await runInChild(script, [], never)).toEqual({ code: 3, result: null, error: "it broke" });
    await writeFile(script, 'process.kill(process.pid, "SIGKILL")');
    expect(await runInChild(script, [], never)).toMatchObject({ code: 137 });
    await writeFile(script, "console.log(JSON.stringify({ args: process.argv.slice(2) }))");
    expect(await runInChild(script, ["a b", "*"], never)).toEqual({
      code: 0,
      result: { args: ["a b", "*"] },
      error: null,
    });
    await writeFile(
      script,
      'process.on("SIGINT", () => process.exit(130)); setInterval(() => {}, 1000); (await import("node:fs")).writeFileSync(process.argv[2], "");',
    );
    const stop = new AbortController();
    const ready = join(place.folder, "ready");
    const running = runInChild(script, [ready], stop.signal);
    await expect.poll(() => existsSync(ready), { timeout: 20_000 }).toBe(true);
    stop.abort();
    expect((await running).code).toBe(130);
  });
});

describe("medallion schedule", { timeout: 120_000 }, () => {
  const command = {
    node: "/opt/node 20/bin/node",
    script: "/srv/app/bin/medallion.js",
    lake: "/srv/100%/it's $HOME",
    config: null,
    cron: "0 1 * * *",
    timeZone: "UTC",
    runs: ["yesterday"],
  };

  it("prints a crontab line that a shell takes as it is meant", () => {
    const [line = ""] = crontabLines(command)
      .split("\n")
      .filter((text) => !text.startsWith("#"));
    expect(line.startsWith("0 1 * * * ")).toBe(true);
    const shell = line.slice("0 1 * * * ".length).replaceAll("\\%", "%");
    const { stdout } = spawnSync("sh", ["-c", `printf '%s\\n' ${shell}`], { encoding: "utf8" });
    expect(stdout.trim().split("\n")).toEqual([
      command.node,
      command.script,
      "run",
      "yesterday",
      "--quiet",
      "--lake",
      command.lake,
    ]);
  });

  it("prints a unit that systemd takes", async (context) => {
    expect(systemdUnit(command)).toContain(
      'ExecStart="/opt/node 20/bin/node" /srv/app/bin/medallion.js schedule --once-at-start --cron "0 1 * * *" --timezone UTC' +
        ' --run yesterday --lake "/srv/100%%/it\'s $$HOME"\n',
    );
    if (spawnSync("systemd-analyze", ["--version"]).status !== 0) context.skip("there is no systemd-analyze here");
    const place = await workplace();
    const unit = join(place.folder, "medallion.service");
    await writeFile(unit, systemdUnit({ ...command, node: process.execPath }));
    const { stderr, status } = spawnSync("systemd-analyze", ["verify", "--man=no", unit], { encoding: "utf8" });
    expect({ status, stderr: stderr.split("\n").filter((line) => line.includes("medallion.service")) }).toEqual({
      status: 0,
      stderr: [],
    });
  });

  it("runs, beats and ends with 0 on SIGTERM", async () => {
    const place = await workplaceWithLake();
    await place.json(["ingest", "tasks", "-"], '{"task_id":"a","status":"completed"}');
    const child = spawn(process.execPath, [BIN, "schedule", "--once-at-start", "--json", "--run", "today"], {
      cwd: place.folder,
      env: { ...process.env, MEDALLION_LAKE: "lake" },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    expect(JSON.parse(await firstLine(child))).toMatchObject({
      run: "today",
      code: 0,
      read: 1,
      commit: 1,
      error: null,
    });
    const file = join(place.folder, "lake/_medallion/heartbeat.json");
    await expect.poll(async () => documentOf(await readFile(file, "utf8")).last_result, { timeout: 20_000 }).toBe("ok");
    expect(documentOf(await readFile(file, "utf8"))).toMatchObject({ format: 1, pid: child.pid, state: "waiting" });
    const ended = new Promise((resolve) => child.on("close", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(documentOf(await readFile(file, "utf8"))).toMatchObject({ state: "stopped", next: null });
  });

  it("refuses what it cannot go by", async () => {
    const place = await workplace();
    expect((await place.medallion(["schedule"])).code).toBe(2);
    await place.json(["init"]);
    for (const args of [
      ["--cron", "never"],
      ["--timezone", "Mars/Base"],
      ["--crontab", "--systemd"],
    ]) {
      expect(await place.medallion(["schedule", ...args])).toMatchObject({ code: 2, stdout: "" });
    }
    const { stdout } = await place.medallion(["schedule", "--crontab", "--run", "today", "--run", "yesterday"]);
    expect(stdout.split("\n").filter((line) => line.startsWith("0 1 * * * "))).toHaveLength(2);
  });
});

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    child.on("close", () => reject(new Error(`it ended after ${JSON.stringify(text)}`)));
  });
}
