import { appendFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BronzeError } from "../errors.ts";
import { breakFiles, systemError } from "../testing/faults.ts";
import { linesOf, takeApart, temporaryLake } from "../testing/lake.ts";
import { nearlyJson } from "../testing/texts.ts";
import { openWriter } from "./writer.ts";

const TARGET = { folder: "raw-tasks" };
const NOON = Date.UTC(2025, 10, 27, 12) * 1000;
const FILE = "bronze/raw-tasks/20251127.jsonl";
const now = () => NOON;

async function appended(...records: (string | Uint8Array | object)[]): Promise<string[]> {
  const lake = await temporaryLake();
  const writer = openWriter(lake, TARGET, { now });
  await Promise.all(records.map((record) => writer.append(record)));
  await writer.close();
  return linesOf(lake, FILE);
}

describe("append", () => {
  it.each([
    ["{}", '{"ingested_at":"2025-11-27T12:00:00.000000+00:00","layer":"bronze"}'],
    [' { "a" : 1 } \n', '{ "a" : 1,"ingested_at":"2025-11-27T12:00:00.000000+00:00","layer":"bronze"}'],
    ['{\r\n "a" : [ 1,\n2 ]\n}', '{"a":[1,2],"ingested_at":"2025-11-27T12:00:00.000000+00:00","layer":"bronze"}'],
    [
      '{"layer":"x"}',
      '{"raw":"{\\"layer\\":\\"x\\"}","ingested_at":"2025-11-27T12:00:00.000000+00:00","layer":"bronze"}',
    ],
  ])("keeps %j as a line", async (record, line) => {
    expect(await appended(record)).toEqual([line]);
  });

  it.each([
    '{"n":1234567890123456789012345678901234567890,"m":-0.10e+05}',
    '{"a":1,"a":2}',
    '{"__proto__":{"polluted":true},"constructor":1}',
    '{"e":"😀 \\ud83d\\ude00 \\u0000","é":"e\u0301"}',
    `{"long":"${"x".repeat(20 * 1024 * 1024)}"}`,
  ])("keeps the text of a record token for token", async (record) => {
    const [line] = await appended(record);
    expect(line?.startsWith(`${record.slice(0, -1)},"ingested_at":`)).toBe(true);
    expect({}).not.toHaveProperty("polluted");
  });

  it("keeps whatever comes in, to the byte", async () => {
    const lake = await temporaryLake();
    const writer = openWriter(lake, TARGET, { now });
    const records = fc.sample(
      fc.oneof(
        nearlyJson.map((text) => Buffer.from(text)),
        fc.uint8Array(),
      ),
      500,
    );
    const receipts = await Promise.all(records.map((record) => writer.append(record)));
    await writer.close();
    const lines = await linesOf(lake, FILE);
    expect(lines).toHaveLength(records.length);
    for (const [index, record] of records.entries()) {
      const kept = takeApart(lines[index]!);
      expect(kept.raw).toBe(receipts[index]!.raw);
      expect(kept.fields.ingested_at).toBe(receipts[index]!.ingestedAt);
      if (kept.error !== null) expect(kept.content).toEqual(Buffer.from(record));
      else expect(squeeze(kept.content)).toBe(squeeze(Buffer.from(record)));
    }
  });

  it("keeps half a surrogate pair of a string as bytes", async () => {
    const [line] = await appended('{"a":"\ud800"}');
    expect(takeApart(line!)).toMatchObject({ raw: true, content: Buffer.from("7b2261223a22eda080227d", "hex") });
  });

  it("says what is wrong with a raw record, and where", async () => {
    const lines = await appended("", "5", '{"a":1} {}', '{"a":tru}');
    expect(lines.map((line) => takeApart(line).error)).toEqual([
      "expected a value, found the end of the input (line 1, byte 1)",
      "not a JSON object: a number",
      'expected nothing after the record, found "{" (line 1, byte 9)',
      'expected true, false or null, found "}" (line 1, byte 9)',
    ]);
  });

  it("refuses a value that JSON cannot express", async () => {
    const writer = openWriter(await temporaryLake(), TARGET);
    await expect(writer.append({ n: 1n })).rejects.toMatchObject({ code: "RECORD_INVALID" });
    await expect(writer.append({ toJSON: () => undefined })).rejects.toMatchObject({ code: "RECORD_INVALID" });
    await writer.close();
  });

  it("refuses a record beyond the limit and a closed writer", async () => {
    const writer = openWriter(await temporaryLake(), TARGET, { limits: { recordBytes: 10 } });
    const facts = { limit: 10, found: 13 };
    await expect(writer.append('{"a":"12345"}')).rejects.toMatchObject({ code: "RECORD_TOO_LARGE", facts });
    await writer.close();
    await expect(writer.append("{}")).rejects.toMatchObject({ code: "WRITER_CLOSED" });
  });

  it("refuses a target that is no file name, before anything is written", async () => {
    const lake = await temporaryLake();
    expect(() => openWriter(lake, { folder: ".." })).toThrow(expect.objectContaining({ code: "NAME_INVALID" }));
    expect(() => openWriter(lake, { folder: "events", part: "../x" })).toThrow();
  });

  it("changes the file at midnight of the lake's zone, and never goes back", async () => {
    const lake = await temporaryLake("America/New_York");
    const times = [4.9999, 5.0001, 4.5, 5.1].map((hour) => (Date.UTC(2025, 10, 27) + hour * 3_600_000) * 1000);
    let turn = 0;
    const writer = openWriter(lake, { folder: "events", part: "task_done" }, { now: () => times[turn++] ?? 0 });
    const receipts = await Promise.all(times.map((_, n) => writer.append({ n })));
    await writer.close();
    expect(receipts.map((receipt) => receipt.day)).toEqual(["20251126", "20251127", "20251127", "20251127"]);
    const first = await linesOf(lake, "bronze/events/task_done-20251126.jsonl");
    const second = await linesOf(lake, "bronze/events/task_done-20251127.jsonl");
    expect([first.length, second.length]).toEqual([1, 3]);
    const stamps = receipts.map((receipt) => receipt.ingestedAt);
    expect(stamps).toEqual([...new Set(stamps)].sort());
  });
});

describe("a file that others touch", () => {
  it("starts a fresh line behind a torn one", async () => {
    const lake = await temporaryLake();
    await mkdir(join(lake.root, "bronze/raw-tasks"), { recursive: true });
    await appendFile(join(lake.root, FILE), '{"a":1,"inges');
    const writer = openWriter(lake, TARGET, { now });
    await writer.append({ b: 1 });
    await appendFile(join(lake.root, FILE), '{"torn":');
    await writer.append({ c: 1 });
    await writer.close();
    const lines = await linesOf(lake, FILE);
    expect(lines.map((line) => line.slice(0, 8))).toEqual(['{"a":1,"', '{"b":1,"', '{"torn":', '{"c":1,"']);
  });

  it("is created again when it was removed", async () => {
    const lake = await temporaryLake();
    const writer = openWriter(lake, TARGET, { now });
    await writer.append({ a: 1 });
    await rm(join(lake.root, "bronze/raw-tasks"), { recursive: true });
    await writer.append({ b: 1 });
    await writer.close();
    expect(await linesOf(lake, FILE)).toHaveLength(1);
  });

  it("creates no file without a record", async () => {
    const lake = await temporaryLake();
    await openWriter(lake, TARGET).close();
    expect(await readdir(join(lake.root, "bronze"))).toEqual([]);
  });
});

describe("a storage that fails", () => {
  it("writes a line anew that was written in part", async () => {
    const lake = await temporaryLake();
    const writer = openWriter(lake, TARGET, { now });
    await writer.append({ a: 1 });
    await breakFiles("write", (call) => (call === 0 ? 100 : null));
    await Promise.all([1, 2, 3, 4].map((n) => writer.append({ n })));
    await writer.close();
    const text = await readFile(join(lake.root, FILE), "utf8");
    const lines = text.trimEnd().split("\n");
    const whole = lines.filter((line) => line.endsWith("}"));
    expect(whole.map((line) => JSON.parse(line))).toMatchObject([{ a: 1 }, { n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    expect(lines).toHaveLength(6);
  });

  it("keeps what was acknowledged and reports the rest when the disk is full", async () => {
    const lake = await temporaryLake();
    const writer = openWriter(lake, TARGET, { now });
    await writer.append({ before: true });
    await breakFiles("write", (call) => [150, systemError("ENOSPC")][call] ?? null);
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map((n) => writer.append({ n })));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected"]);
    const refusal = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []))[0];
    expect(refusal).toBeInstanceOf(BronzeError);
    expect(refusal).toMatchObject({ code: "APPEND_FAILED", facts: { file: FILE, code: "ENOSPC", kept: 2, lost: 2 } });
    await writer.append({ n: 3 });
    await writer.close();
    const records = (await linesOf(lake, FILE))
      .filter((line) => line.endsWith("}"))
      .map((line): unknown => JSON.parse(line));
    expect(records).toMatchObject([{ before: true }, { n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it("acknowledges nothing that could not be synced", async () => {
    const lake = await temporaryLake();
    const writer = openWriter(lake, TARGET, { now });
    await breakFiles("datasync", (call) => (call === 0 ? systemError("EIO") : null));
    await expect(writer.append({ a: 1 })).rejects.toMatchObject({
      code: "APPEND_FAILED",
      facts: { code: "EIO", kept: 0, lost: 1 },
    });
    await expect(writer.append({ a: 2 })).resolves.toMatchObject({ raw: false });
    await writer.close();
  });

  it("gives up when nothing is ever written", async () => {
    const writer = openWriter(await temporaryLake(), TARGET, { now });
    await breakFiles("write", () => 0);
    await expect(writer.append({ a: 1 })).rejects.toMatchObject({ code: "APPEND_FAILED", facts: { kept: 0, lost: 1 } });
    await writer.close();
  });
});

/** Without the white space of JSON, which may go. */
function squeeze(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/[ \t\r\n]/g, "");
}
