import { appendFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Lake } from "@medallion/lake";
import { describe, expect, it } from "vitest";
import { crashAt } from "../testing/crashing-storage.ts";
import { breakFiles, systemError } from "../testing/faults.ts";
import { FILE, linesOf, now, TARGET, takeApart, temporaryFolder, temporaryLake } from "../testing/lake.ts";
import { outcomeOf, startProcess } from "../testing/processes.ts";
import { openWriter } from "../writer/writer.ts";
import { takeNew } from "./ingest-new.ts";
import { SETTINGS } from "./journaled-ingestion.ts";

/** `batchBytes`: how much goes to bronze at a time. */
function take(lake: Lake, folder: string, batchBytes: number = SETTINGS.batchBytes) {
  const options = { ...SETTINGS, dataset: "tasks", now, batchBytes };
  return takeNew(lake, TARGET, [{ kind: "path", path: folder }], options);
}

/** Takes what is new in a process that dies at a change to the lake; false when it came to its end before. */
async function takeAndDie(lake: Lake, folder: string, step: number, batchBytes?: number): Promise<boolean> {
  const { storage, crashed } = crashAt(step);
  await take({ ...lake, storage }, folder, batchBytes).catch((error: unknown) => {
    if (!crashed()) throw error;
  });
  // The lock of a process that died is free; this one lives on.
  if (crashed()) await rm(join(lake.root, "_medallion/ingested/tasks/lock"), { force: true });
  return crashed();
}

async function append(lake: Lake, record: string): Promise<void> {
  const writer = openWriter(lake, TARGET, { now });
  await writer.append(record);
  await writer.close();
}

async function textsOf(lake: Lake): Promise<string[]> {
  const lines = await linesOf(lake, FILE).catch(() => []);
  return lines.filter((line) => line !== "").map((line) => takeApart(line).content.toString());
}

describe("a process that dies", () => {
  it("at any change to the lake neither loses nor repeats a record", { timeout: 120_000 }, async () => {
    let died = true;
    for (let step = 1; died; step++) {
      const lake = await temporaryLake();
      const folder = await temporaryFolder();
      await writeFile(join(folder, "a.jsonl"), '{"n":1}\n{"n":2}\n');
      await writeFile(join(folder, "b.jsonl"), '{"n":3}\n{"n');
      await append(lake, '{"n":0}');
      died = await takeAndDie(lake, folder, step);
      await append(lake, '{"n":-1}');
      await appendFile(join(folder, "b.jsonl"), '":4}\n');
      await take(lake, folder);
      const texts = (await textsOf(lake)).sort();
      expect({ step, texts }).toEqual({ step, texts: [-1, 0, 1, 2, 3, 4].map((n) => `{"n":${n}}`).sort() });
      expect((await take(lake, folder)).records).toBe(0);
    }
  });

  it("between two parts of a large file, or between a log and the one it was renamed to, goes on", {
    timeout: 120_000,
  }, async () => {
    const line = (n: number) => `{"n":${n},"text":"${"x".repeat(1000)}"}\n`;
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => line(from + index)).join("");
    let died = true;
    for (let step = 1; died; step += 7) {
      const lake = await temporaryLake();
      const folder = await temporaryFolder();
      const log = join(folder, "log.jsonl");
      await writeFile(log, line(0));
      await take(lake, folder);
      await appendFile(log, lines(1, 2500));
      await rename(log, join(folder, "old-log.jsonl"));
      await writeFile(log, lines(2500, 3000));
      died = await takeAndDie(lake, folder, step, 1);
      await take(lake, folder, 1);
      const found = (await textsOf(lake)).map((text) => Number(JSON.parse(text).n));
      expect({ step, all: found.length, different: new Set(found).size }).toEqual({ step, all: 3000, different: 3000 });
    }
  });

  it("in the middle of the append itself, at any byte, leaves no half of a line", async () => {
    const content = '{"n":1}\n{"n":2}\n{"n":3}\n';
    for (const bytes of [0, 1, 50, 80, 82, 83, 84, 85, 86, 150, 200, 400]) {
      const lake = await temporaryLake();
      const folder = await temporaryFolder();
      await writeFile(join(folder, "a.jsonl"), content);
      let dead = true;
      await breakFiles("write", (call, length) => {
        if (!dead) return null;
        return call === 0 ? Math.min(bytes, length) : systemError("EIO");
      });
      await take(lake, folder).catch((error: unknown) => expect(error).toMatchObject({ code: "APPEND_FAILED" }));
      dead = false;
      const report = await take(lake, folder);
      expect(report.records).toBe(0);
      expect({ bytes, texts: await textsOf(lake) }).toEqual({ bytes, texts: [1, 2, 3].map((n) => `{"n":${n}}`) });
    }
  });

  it("of a SIGKILL, however often, loses and repeats nothing", { timeout: 120_000 }, async () => {
    const lake = await temporaryLake();
    const folder = await temporaryFolder();
    const records = 30_000;
    const line = (n: number) => `{"n":${n},"text":"${"x".repeat(200)}"}`;
    for (let file = 0; file < 3; file++) {
      const lines = Array.from({ length: records / 3 }, (_, n) => line(file * (records / 3) + n));
      await writeFile(join(folder, `${file}.jsonl`), `${lines.join("\n")}\n`);
    }
    const source = `
      const { ingestNew } = await import("@medallion/bronze");
      const { openLake } = await import("@medallion/lake");
      const sources = [{ kind: "path", path: process.argv[2] }];
      await ingestNew(await openLake(process.argv[1]), { folder: "raw-tasks" }, sources, { dataset: "tasks", now: () => ${now()} });
    `;
    let code: number | null = null;
    for (let wait = 150; code !== 0; wait *= 1.3) {
      const child = startProcess(source, lake.root, folder);
      const ended = outcomeOf(child);
      const killed = setTimeout(wait).then(() => child.kill("SIGKILL"));
      code = (await ended).code;
      await killed;
    }
    const found = (await textsOf(lake)).map((text) => Number(JSON.parse(text).n));
    expect(found).toHaveLength(records);
    expect(new Set(found).size).toBe(records);
  });
});
