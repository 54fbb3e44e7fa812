// Appends records to bronze and prints the id of each one as soon as it is acknowledged.
// Arguments: lake, prefix of the ids, number of records, how many are on their way at once.
import { writeSync } from "node:fs";
import { openWriter } from "@medallion/bronze";
import { openLake } from "@medallion/lake";

const [root, prefix, count, together] = process.argv.slice(2);
const writer = openWriter(await openLake(root), { folder: "raw-tasks" });
let next = 0;
let failures = 0;

async function appendInTurn() {
  while (next < Number(count)) {
    const id = `${prefix}-${next++}`;
    const record = { task_id: id, status: "completed", timestamp: "2025-11-27T10:00:00Z" };
    try {
      await writer.append(JSON.stringify(record));
      writeSync(1, `${id}\n`);
    } catch (error) {
      failures += 1;
      writeSync(2, `${error.code} ${error.message}\n`);
    }
  }
}

await Promise.all(Array.from({ length: Number(together) }, appendInTurn));
await writer.close();
process.exitCode = failures > 0 ? 1 : 0;
