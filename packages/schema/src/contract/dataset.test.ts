import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { SchemaError } from "../errors.ts";
import { isoInstant } from "../instant.ts";
import { equals, present, secondsBetween } from "./computed.ts";
import { type Dataset, type DatasetOptions, defineDataset, type RecordOf, rulesVersion } from "./dataset.ts";
import { RECORD_RULES } from "./rules.ts";

const shape = {
  build_id: z.string().min(1),
  finished_at: isoInstant(),
  started_at: isoInstant().nullish(),
  status: z.enum(["passed", "failed"]),
  minutes: z.number().min(0).optional(),
  output: z.unknown(),
};
type Options = DatasetOptions<typeof shape>;

const options: Options = {
  name: "builds",
  version: "1.0.0",
  folders: { bronze: "raw-builds", silver: "builds" },
  record: z.object(shape),
  key: ["build_id"],
  time: "finished_at",
  expected: { minutes: z.number().max(60) },
  fallbacks: { build_id: ["id"], finished_at: ["started_at", "ingested_at"] },
  computed: {
    span_seconds: secondsBetween("started_at", "finished_at"),
    has_passed: equals("status", "passed"),
    has_output: present("output"),
  },
};
const builds = defineDataset(options);

/** The options with something else in them, also what their type would not let through. */
const changed = (change: object): Options => ({ ...options, ...change });
const withRecord = (record: z.ZodType) => changed({ record });

describe("defineDataset", () => {
  it("gives each field with its sources", () => {
    expect(builds.fields.map(({ name, required, sources }) => [name, required, sources])).toEqual([
      ["build_id", true, ["build_id", "id"]],
      ["finished_at", true, ["finished_at", "started_at", "ingested_at"]],
      ["started_at", false, ["started_at"]],
      ["status", true, ["status"]],
      ["minutes", false, ["minutes"]],
      ["output", false, ["output"]],
    ]);
  });

  it("gives every rule: required fields quarantine, optional ones warn", () => {
    expect(builds.rules.map(({ id, severity, description }) => `${severity} ${id}: ${description}`)).toEqual([
      ...Object.values(RECORD_RULES).map(({ id, description }) => `quarantine ${id}: ${description}`),
      'quarantine build_id.required: "build_id" must be there and not null',
      'quarantine build_id.valid: "build_id" must be a non-empty string',
      'quarantine finished_at.required: "finished_at" must be there and not null',
      'quarantine finished_at.valid: "finished_at" must be an ISO 8601 date-time that exists',
      'warn started_at.valid: "started_at" must be an ISO 8601 date-time that exists',
      'quarantine status.required: "status" must be there and not null',
      'quarantine status.valid: "status" must be one of "passed", "failed"',
      'warn minutes.valid: "minutes" must be a number, at least 0',
      'warn minutes.expected: "minutes" should be a number, at most 60',
      'warn span_seconds.negative: "finished_at" should not be before "started_at"',
    ]);
  });

  it("takes fields that every object inherits by name", () => {
    const inherited = { constructor: z.string().optional(), toString: z.string().optional() };
    const { fields } = defineDataset(withRecord(z.object({ ...shape, ...inherited })));
    expect(fields.slice(-2).map(({ sources, expected }) => [sources, expected])).toEqual([
      [["constructor"], null],
      [["toString"], null],
    ]);
  });

  it.each<[string, Options, RegExp, string | null]>([
    ["a name in upper case", changed({ name: "Builds" }), /the name must be lower-case/, null],
    ["a name that is a path", changed({ name: "../x" }), /the name must be lower-case/, null],
    ["a version of its own kind", changed({ version: "v1" }), /semantic version such as 1\.0\.0/, null],
    ["a folder that is a path", changed({ folders: { bronze: "../x", silver: "b" } }), /the folder "\.\.\/x"/, null],
    ["the folder of quarantine", changed({ folders: { bronze: "b", silver: "quarantine" } }), /belongs to/, null],
    ["no key", changed({ key: [] }), /at least one field/, null],
    ["a key that is no field", changed({ key: ["nope"] }), /"nope" is in the key, and is no field/, "nope"],
    ["an inherited name as key", changed({ key: ["constructor"] }), /is no field/, "constructor"],
    [
      "a rule for records without a key of which none is",
      changed({ withoutKey: "distinct" }),
      /no record is without its key/,
      null,
    ],
    [
      "an absent key that is replaced by what is none",
      changed({ key: ["minutes"], withoutKey: ["nope"] }),
      /"nope" in withoutKey is neither/,
      "nope",
    ],
    ["a part that no field can take", changed({ part: { field: "minutes" } }), /given at ingestion/, "minutes"],
    ["a part with both choices", changed({ part: { only: "a", except: ["b"] } }), /both `only` and `except`/, null],
    [
      "a nested key",
      withRecord(z.object({ ...shape, build_id: z.object({}) })),
      /must be a string, a number/,
      "build_id",
    ],
    ["a time that is no field", changed({ time: "nope" }), /"nope" is the time, and is no field/, "nope"],
    ["an optional time", changed({ time: "started_at" }), /is the time, so it must be required/, "started_at"],
    ["a time that is no instant", changed({ time: "status" }), /"status" must be isoInstant\(\)/, "status"],
    ["a fall-back for no field", changed({ fallbacks: { nope: ["a"] } }), /"nope", which is no field/, "nope"],
    ["expected values of no field", changed({ expected: { nope: z.string() } }), /which is no field/, "nope"],
    ["a fall-back on a bronze field", changed({ fallbacks: { status: ["layer"] } }), /bronze writes/, "status"],
    ["a field of silver", withRecord(z.object({ ...shape, layer: z.string() })), /belongs to Medallion/, "layer"],
    ["one in upper case", withRecord(z.object({ ...shape, Layer: z.string() })), /belongs to Medallion/, "Layer"],
    [
      "a computed field of silver",
      changed({ computed: { processed_at: present("output") } }),
      /belongs/,
      "processed_at",
    ],
    ["names apart in case only", withRecord(z.object({ ...shape, Status: z.string() })), /only in case/, "Status"],
    ["a field without a name", withRecord(z.object({ ...shape, "": z.string() })), /must have a name/, ""],
    ["read and computed", changed({ computed: { status: present("output") } }), /both read and computed/, "status"],
    ["computed from no field", changed({ computed: { c: present("nope") } }), /needs "nope", which is no field/, "c"],
    ["a span of no instant", changed({ computed: { c: secondsBetween("status", "finished_at") } }), /isoInstant/, "c"],
    ["equality of no string", changed({ computed: { c: equals("minutes", "1") } }), /to be a string/, "c"],
  ])("refuses %s", (_, wrong, message, field) => {
    const define = () => defineDataset(wrong);
    expect(define).toThrow(SchemaError);
    expect(define).toThrow(message);
    const facts = { dataset: wrong.name, field };
    expect(define).toThrow(expect.objectContaining({ code: "DATASET_INVALID", facts }));
  });

  it.each<[string, Options, RegExp]>([
    ["a check on the record", withRecord(z.object(shape).refine(() => false)), /the record: refine\(\)/],
    ["a strict record", withRecord(z.strictObject(shape)), /the record: a strict object.*Way out/],
    ["a typed catchall", withRecord(z.object(shape).catchall(z.string())), /the record: the type of an object's/],
    ["a field", withRecord(z.object({ ...shape, at: z.date() })), /field "at": z\.date\(\)/],
    ["a field named __proto__", withRecord(z.object({ ...shape, ["__proto__"]: z.string() })), /field "__proto__"/],
    ["an expectation", changed({ expected: { status: z.string().regex(/x/) } }), /field "status": the format "regex"/],
  ])("refuses %s that cannot be compiled", (_, wrong, message) => {
    expect(() => defineDataset(wrong)).toThrow(message);
    expect(() => defineDataset(wrong)).toThrow(expect.objectContaining({ code: "FIELD_NOT_COMPILABLE" }));
  });
});

describe("rulesHash", () => {
  const hash = (change: object) => defineDataset(changed(change)).rulesHash;

  it("stays when nothing that decides a verdict or a value changes", () => {
    expect(hash({ folders: { bronze: "elsewhere", silver: "there" } })).toBe(builds.rulesHash);
    expect(hash({ record: z.looseObject({ ...shape, build_id: z.string().nonempty("words") }) })).toBe(
      builds.rulesHash,
    );
  });

  it.each([
    [{ version: "1.0.1" }],
    [{ key: ["build_id", "status"] }],
    [{ fallbacks: {} }],
    [{ expected: {} }],
    [{ computed: {} }],
    [{ record: z.object({ ...shape, build_id: z.string().min(2) }) }],
    [{ record: z.object({ ...shape, status: z.enum(["passed", "failed"]).optional() }) }],
    [{ record: z.object({ ...shape, more: z.string().optional() }) }],
  ])("changes with the rules (%#)", (change) => expect(hash(change)).not.toBe(builds.rulesHash));

  it("is in the version by which rules are named", () => {
    expect(rulesVersion(builds)).toBe(`1.0.0+${builds.rulesHash.slice(0, 12)}`);
    expect(builds.rulesHash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("RecordOf", () => {
  it("is the type that the zod schema gives", () => {
    expectTypeOf<RecordOf<typeof builds>>().toEqualTypeOf<{
      build_id: string;
      finished_at: string;
      started_at?: string | null | undefined;
      status: "passed" | "failed";
      minutes?: number | undefined;
      output: unknown;
    }>();
    expectTypeOf<RecordOf<string>>().toBeNever();
    expectTypeOf(builds).toExtend<Dataset>();
    expectTypeOf<{ key: ["nope"] }>().not.toExtend<Pick<Options, "key">>();
    expectTypeOf<{ time: "nope" }>().not.toExtend<Pick<Options, "time">>();
  });
});
