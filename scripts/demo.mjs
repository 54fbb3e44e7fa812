import "./setup.mjs";
import { readdirSync, readFileSync, rmSync } from "node:fs";
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
medallion(`run --lake ${lake}`);
medallion(`status --lake ${lake}`);

const [document] = readdirSync(join(root, lake, "gold", "analytics")).filter((name) => name.startsWith("daily-"));
if (document === undefined) throw new Error(`${lake}/gold/analytics: expected a daily document, found none`);
console.log(`\n${lake}/gold/analytics/${document}`);
console.log(readFileSync(join(root, lake, "gold", "analytics", document), "utf8"));
