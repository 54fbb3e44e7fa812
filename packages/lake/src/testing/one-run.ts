import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Commit } from "../commits/commit.ts";
import { runningChecksum } from "../commits/running-checksum.ts";
import type { Lake } from "../lake.ts";
import { replaceFile } from "../storage/files.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { counts } from "./lakes.ts";

const BRONZE = "bronze/raw-tasks/20251127.jsonl";

/** A lake as an earlier run left it: a silver file to replace, a gold file to delete. */
export async function prepareRun(lake: Lake): Promise<void> {
  await replaceFile(lake, "silver/processed-tasks/20251127.jsonl", "old\n");
  await replaceFile(lake, "gold/analytics/daily-20251126.json", "{}\n");
}

/** The whole of a run after `beginTransaction`: stage, remove, commit. */
export async function commitRun(transaction: Transaction): Promise<Commit> {
  const files = new Map([
    ["silver/processed-tasks/20251127.jsonl", "new 1\nnew 2\n"],
    ["silver/processed-tasks/20251127.parquet", "PAR1"],
    ["gold/analytics/daily-20251127.json", '{"date":"20251127"}\n'],
  ]);
  for (const [path, content] of files) await writeFile(await transaction.stage(path), content);
  transaction.remove("gold/analytics/daily-20251126.json");
  const sha256 = "0".repeat(64);
  return transaction.commit({
    command: "medallion run",
    version: "1.0.0",
    reads: [
      { dataset: "tasks", file: BRONZE, from: 0, to: 12, lines: 2, sha256, running: runningChecksum("", sha256) },
    ],
    partitions: [counts("tasks", "20251127", 2)],
    rules: { tasks: { version: "1", hash: "h" } },
    rows: { "silver/processed-tasks/20251127.jsonl": 2 },
  });
}

/** All files of a lake with their content; the moments in them, which differ from run to run, are left out. */
export async function contentOf(lake: Lake): Promise<Record<string, string>> {
  const entries = await readdir(lake.root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents: Record<string, string> = {};
  for (const file of files.sort()) {
    const path = relative(lake.root, file).split(sep).join("/");
    if (path === "_medallion/lock") continue;
    contents[path] = (await readFile(file, "utf8"))
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
      .replace(/(?<="running":")[0-9a-f]{64}(?="\}\n$)/, "<checksum of a text with times>");
  }
  return contents;
}
