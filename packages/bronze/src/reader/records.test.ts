import fc from "fast-check";
import { expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../limits.ts";
import { arrayTexts, bracketLines, lineTexts } from "../testing/texts.ts";
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
    lines: null,
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

/** What becomes of the bytes, and where reading ended. */
async function taken(bytes: Buffer, { together, sizes }: { together: boolean; sizes: readonly number[] }) {
  const found: [kind: string, text: string][] = [];
  const note = (kind: string) => (text: Buffer, start: number, end: number) => {
    found.push([kind, text.toString("latin1", start, end)]);
  };
  let takenTogether = 0;
  const sink: RecordSink = {
    object: note("object"),
    lines: ({ bytes, start, ends, separator }) => {
      takenTogether += ends.length;
      for (const [index, end] of ends.entries()) note("object")(bytes, ends[index - 1] ?? start, end - separator);
    },
    raw: note("raw"),
    ready: () => null,
  };
  let at = 0;
  let turn = 0;
  const input = {
    async read(target: Uint8Array, offset: number, length: number) {
      const piece = bytes.subarray(at, at + Math.min(sizes[turn++ % sizes.length] ?? 1, length));
      target.set(piece, offset);
      at += piece.length;
      return piece.length;
    },
  };
  const options = { limits: DEFAULT_LIMITS, capacity: 256, records: undefined };
  const reader = new RecordReader(input, together ? sink : { ...sink, lines: null }, options);
  while (await reader.read());
  return { result: { found, position: reader.position }, takenTogether };
}

it("finds the same records, lines taken together or one by one, however the bytes arrive", async () => {
  const lineEnd = fc.constantFrom("\n", "\r\n");
  const texts = fc.oneof(
    fc.tuple(lineTexts, lineEnd).map(([lines, end]) => lines.join(end)),
    fc.tuple(bracketLines, lineTexts, lineEnd).map(([start, lines, end]) => [start, ...lines].join(end)),
    fc.tuple(arrayTexts, lineTexts).map(([array, lines]) => [array, ...lines].join("\n")),
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 });
  let takenTogether = 0;
  await fc.assert(
    fc.asyncProperty(texts, sizes, fc.boolean(), async (text, pieces, isUtf8) => {
      const bytes = Buffer.from(text, isUtf8 ? "utf8" : "latin1");
      const together = await taken(bytes, { together: true, sizes: pieces });
      takenTogether += together.takenTogether;
      expect(together.result).toEqual((await taken(bytes, { together: false, sizes: pieces })).result);
    }),
    { numRuns: 500 },
  );
  expect(takenTogether).toBeGreaterThan(200);
});

it.each(["\n", "\r\n", ",", ", ", ",\n", ",\r\n"])(
  "takes most of many objects together where %j stands between",
  async (separator) => {
    const objects = Array.from(
      { length: 3000 },
      (_, n) => `{"n": ${n}, "text": "{[\\"],é${n}", "list": [{}, {"n":[]}]}`,
    );
    const text = objects.join(separator);
    const bytes = Buffer.from(separator.startsWith(",") ? `[${text}]` : text);
    const { result, takenTogether } = await taken(bytes, { together: true, sizes: [100_000] });
    expect(takenTogether).toBeGreaterThan(2000);
    expect(result.found).toEqual(objects.map((object) => ["object", Buffer.from(object).toString("latin1")]));
  },
);
