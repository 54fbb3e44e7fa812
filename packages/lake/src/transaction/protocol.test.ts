import { relative, sep } from "node:path";
import { expect, test } from "vitest";
import { acquireLock } from "../lock/lock.ts";
import { localStorage } from "../storage/local-storage.ts";
import { temporaryLake } from "../testing/lakes.ts";
import { commitRun, prepareRun } from "../testing/one-run.ts";
import { beginTransaction } from "./transaction.ts";

test("nothing is relied on that is not yet on disk: the changes of a commit, in their order", async () => {
  const lake = await temporaryLake();
  await prepareRun(lake);
  const lock = await acquireLock(lake, { command: "test" });
  const changes: string[] = [];
  const short = (path: string) =>
    relative(lake.root, path)
      .split(sep)
      .join("/")
      .replace(/transaction-[0-9a-f-]{36}/, "T");
  const noted =
    <Words extends [string, ...unknown[]], T>(name: string, method: (...words: Words) => Promise<T>) =>
    (...words: Words): Promise<T> => {
      changes.push([name, ...words.slice(0, name === "write" ? 1 : 2).map((word) => short(String(word)))].join(" "));
      return method(...words);
    };
  const storage = {
    ...localStorage,
    write: noted("write", localStorage.write),
    link: noted("link", localStorage.link),
    rename: noted("rename", localStorage.rename),
    remove: noted("remove", localStorage.remove),
    sync: noted("sync", localStorage.sync),
  };
  await commitRun(await beginTransaction({ ...lake, storage }, lock));
  const [jsonl, parquet, daily] = ["20251127.jsonl", "20251127.parquet", "daily-20251127.json"];
  expect(changes).toEqual([
    `sync _medallion/tmp/T/0-${jsonl}`,
    `sync _medallion/tmp/T/1-${parquet}`,
    `sync _medallion/tmp/T/2-${daily}`,
    "sync _medallion/tmp/T",
    "write _medallion/tmp/T/prepared.json",
    "rename _medallion/tmp/T/prepared.json _medallion/tmp/prepared.json",
    "sync _medallion/tmp",
    `rename _medallion/tmp/T/0-${jsonl} silver/processed-tasks/${jsonl}`,
    `rename _medallion/tmp/T/1-${parquet} silver/processed-tasks/${parquet}`,
    `rename _medallion/tmp/T/2-${daily} gold/analytics/${daily}`,
    "remove gold/analytics/daily-20251126.json",
    "sync silver/processed-tasks",
    "sync gold/analytics",
    "write _medallion/tmp/T/commit.json",
    "link _medallion/tmp/T/commit.json _medallion/commits/00000000000000000001.json",
    "sync _medallion/commits",
    "remove _medallion/tmp/T/commit.json",
    "remove _medallion/tmp/prepared.json",
    "sync _medallion/tmp",
    "remove _medallion/tmp/T",
  ]);
});
