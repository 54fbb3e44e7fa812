// Locks the lake and makes one commit, and dies at the given change to the file system, counted from 1.
import { writeFileSync } from "node:fs";
import { acquireLock, beginTransaction, openLake } from "@medallion/lake";
import { localStorage } from "@medallion/lake/storage";

const [root = "", step = ""] = process.argv.slice(2);
const changes = new Set(["write", "claim", "link", "rename", "remove", "makeFolder", "sync", "openForWriting"]);
let count = 0;
const storage = Object.fromEntries(
  Object.entries(localStorage).map(([name, method]) => [
    name,
    (...words) => {
      if (changes.has(name) && ++count === Number(step)) process.kill(process.pid, "SIGKILL");
      return method(...words);
    },
  ]),
);
const lake = await openLake(root, { storage });
const lock = await acquireLock(lake, { command: "commit-and-die" });
const transaction = await beginTransaction(lake, lock);
writeFileSync(await transaction.stage("silver/processed-tasks/20251127.jsonl"), '{"task_id":"a"}\n');
writeFileSync(await transaction.stage("gold/analytics/daily-20251127.json"), "{}\n");
transaction.remove("gold/analytics/daily-20251126.json");
await transaction.commit({ command: "commit-and-die", version: "0.0.0", reads: [], partitions: [], rules: {} });
await lock.release();
