import { execFileSync } from "node:child_process";
import { appendFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { acquireLock } from "@medallion/lake";
import { describe, expect, it } from "vitest";
import { BronzeError } from "../errors.ts";
import { now, TARGET } from "../testing/lake.ts";
import { sourceFolder } from "../testing/source-folder.ts";
import { ingestNew } from "./ingest-new.ts";

describe("sources that cannot be taken", () => {
  it("are streams", async () => {
    const { lake } = await sourceFolder();
    const stream = Readable.from(["{}"]);
    await expect(ingestNew(lake, TARGET, [{ kind: "stream", stream }], { dataset: "tasks" })).rejects.toMatchObject({
      code: "SOURCE_NOT_A_FILE",
    });
  });

  it.skipIf(process.platform === "win32")("are pipes, and nobody waits for their writer", async () => {
    const { at, lake } = await sourceFolder();
    execFileSync("mkfifo", [at("pipe")], { stdio: "ignore" });
    const taking = ingestNew(lake, TARGET, [{ kind: "path", path: at("pipe") }], { dataset: "tasks" });
    await expect(taking).rejects.toMatchObject({ code: "SOURCE_NOT_A_FILE" });
  });

  it("leave no room taken up when the storage refuses", async () => {
    const { at, lake, take } = await sourceFolder();
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    const storage = {
      ...lake.storage,
      sync: (path: string) =>
        path.endsWith("staged.jsonl") ? Promise.reject(new Error("no space")) : lake.storage.sync(path),
    };
    const failing = ingestNew({ ...lake, storage }, TARGET, [{ kind: "path", path: at("a.jsonl") }], {
      ...{ dataset: "tasks", now },
    });
    await expect(failing).rejects.toThrowError("no space");
    expect(await readdir(join(lake.root, "_medallion/ingested/tasks"))).toEqual([]);
    expect((await take()).records).toBe(1);
  });

  it("give nothing and are tried again; the others are taken", async () => {
    const { at, take, bronze } = await sourceFolder();
    await writeFile(at("a.jsonl"), `{"n":1}\n{"n":"${"x".repeat(200)}"}\n`);
    await writeFile(at("b.jsonl"), '{"n":2}\n');
    const error: unknown = await take({ limits: { recordBytes: 100 } }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "RECORD_TOO_LARGE",
      facts: { file: at("a.jsonl"), line: 2 },
      report: { records: 1, refused: [{ path: at("a.jsonl"), kept: 0 }] },
    });
    expect(error).toBeInstanceOf(BronzeError);
    expect(await bronze()).toEqual(['{"n":2}']);
    expect((await take()).records).toBe(2);
  });

  it("leave what an interrupted run has taken", async () => {
    const { at, take, bronze } = await sourceFolder();
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    await writeFile(at("b.jsonl"), '{"n":2}\n');
    const stop = new AbortController();
    const onProgress = ({ path }: { path: string }) => {
      if (path.endsWith("b.jsonl")) stop.abort();
    };
    await expect(take({ signal: stop.signal, onProgress })).rejects.toMatchObject({ code: "INTERRUPTED" });
    const before = (await bronze()).length;
    expect((await take()).records).toBe(2 - before);
    expect(await bronze()).toEqual(['{"n":1}', '{"n":2}']);
  });
});

describe("another process", () => {
  it("that takes what is new of the same data set is waited for, or named", async () => {
    const { lake, at, take } = await sourceFolder();
    await writeFile(at("a.jsonl"), "{}\n");
    await take();
    await appendFile(at("a.jsonl"), "{}\n");
    const scope = { file: "_medallion/ingested/tasks/lock", name: "X" };
    const lock = await acquireLock(lake, { command: "test", scope });
    await expect(take()).rejects.toMatchObject({ code: "LAKE_LOCKED" });
    expect((await take({ dataset: "events" })).records).toBe(2);
    const waiting = take({ waitMs: 10_000 });
    await lock.release();
    expect((await waiting).records).toBe(1);
  });

  it("of the same kind at the same time doubles nothing", async () => {
    const { at, take, bronze } = await sourceFolder();
    for (let n = 0; n < 20; n++) await writeFile(at(`${n}.jsonl`), `{"n":${n}}\n`);
    const reports = await Promise.all([1, 2, 3].map(() => take({ waitMs: 20_000 })));
    expect(reports.reduce((sum, report) => sum + report.records, 0)).toBe(20);
    expect(new Set(await bronze()).size).toBe(20);
    expect(await bronze()).toHaveLength(20);
  });
});
