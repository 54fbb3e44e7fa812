import { expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../limits.ts";
import { RecordReader, type RecordSink } from "./records.ts";

async function read(text: string, records?: string): Promise<{ found: string[]; mostAtOnce: number }> {
  const found: string[] = [];
  let mostAtOnce = 0;
  let unasked = 0;
  const take = (bytes: Buffer, start: number, end: number) => {
    found.push(bytes.toString("utf8", start, end));
    mostAtOnce = Math.max(mostAtOnce, ++unasked);
  };
  const sink: RecordSink = {
    object: take,
    raw: take,
    ready() {
      unasked = 0;
      return found.length % 3 === 0 ? new Promise((resolve) => setImmediate(resolve)) : null;
    },
  };
  let rest = Buffer.from(text);
  const input = {
    async read(target: Uint8Array, offset: number, length: number) {
      const piece = rest.subarray(0, Math.min(length, 1000));
      target.set(piece, offset);
      rest = rest.subarray(piece.length);
      return piece.length;
    },
  };
  const reader = new RecordReader(input, sink, { limits: DEFAULT_LIMITS, capacity: 16, records });
  while (await reader.read());
  return { found, mostAtOnce };
}

const RECORDS = Array.from({ length: 1000 }, (_, n) => `{"n":${n}}`);

it.each([
  ["lines", RECORDS.join("\n"), undefined],
  ["documents on one line", RECORDS.join(" "), undefined],
  ["an array", `[${RECORDS.join(",\n")}]`, undefined],
  ["a wrapper", `{"tasks":[${RECORDS.join()}]}`, "tasks"],
  ["lines without a wrapper", RECORDS.join("\n"), "tasks"],
])("asks the sink after each record of %s, and waits", async (_, text, key) => {
  expect(await read(text, key)).toEqual({ found: RECORDS, mostAtOnce: 1 });
});
