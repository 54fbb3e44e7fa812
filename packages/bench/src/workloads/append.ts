import { argv, stdout } from "node:process";
import { openWriter } from "@medallion/bronze";
import { openLake } from "@medallion/lake";

/**
 * Appends events of 100 bytes through the bronze library, many at once, and prints when the first began and the last was
 * acknowledged. Arguments: a lake, the number of records, how many wait at once, and the name of this process.
 */
const [path = "", count = "0", waiting = "1", name = ""] = argv.slice(2);
const EVENT_BYTES = 100;

function event(index: number): string {
  const head = `{"event_type":"heartbeat","event_id":"${name}-${index}","worker":"`;
  return `${head}${"w".repeat(EVENT_BYTES - 2 - head.length)}"}`;
}

const writer = openWriter(await openLake(path), { folder: "events", part: "heartbeat" });
const records = Number(count);
let next = 0;
const appendOneAfterTheOther = async () => {
  while (next < records) {
    next += 1;
    await writer.append(event(next));
  }
};
const startedAt = Date.now();
await Promise.all(Array.from({ length: Number(waiting) }, appendOneAfterTheOther));
const endedAt = Date.now();
await writer.close();
stdout.write(`${JSON.stringify({ startedAt, endedAt })}\n`);
