import "./setup.mjs";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./run.mjs";

const lake = "demo-lake";

/** @param {string} command the words after `medallion` */
function medallion(command) {
  console.log(`\n$ npx medallion ${command}`);
  run(`medallion ${command}`);
}

run("turbo run build --output-logs=errors-only");
rmSync(join(root, lake), { recursive: true, force: true });

medallion(`init ${lake}`);
medallion(`ingest tasks samples/tasks.jsonl --lake ${lake}`);
medallion(`ingest tasks samples/queue.json --records tasks --lake ${lake}`);
medallion(`run --lake ${lake}`);
medallion(`status --lake ${lake}`);

const document = join(lake, "gold", "analytics", "daily-20251127.json");
console.log(`\n${document}`);
console.log(readFileSync(join(root, document), "utf8"));
console.log(`Next: look around in ${lake}/ (silver is JSON Lines and Parquet), ingest files of your own with
npx medallion ingest tasks <file or folder> --lake ${lake}, and run npx medallion run --lake ${lake} again.`);
