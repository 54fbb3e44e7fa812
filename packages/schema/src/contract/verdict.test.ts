import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isoInstant } from "../instant.ts";
import { jsonValues } from "../testing/arbitraries.ts";
import { defineDataset } from "./dataset.ts";
import { checkRecord } from "./verdict.ts";

const shape: Record<string, z.ZodType> = {
  build_id: z.string().min(1),
  finished_at: isoInstant(),
  exit_code: z.int().optional(),
  branch: z.string().nullable(),
  note: z.string().exactOptional(),
  constructor: z.string().optional(),
  output: z.unknown(),
  host: z.object({ os: z.string().nullable() }).nullish(),
};

const builds = defineDataset({
  name: "builds",
  version: "1.0.0",
  folders: { bronze: "raw-builds", silver: "builds" },
  record: z.object(shape),
  expected: { branch: z.enum(["main", "next"]), host: z.object({ os: z.literal("linux").optional() }) },
  key: ["build_id"],
  time: "finished_at",
  fallbacks: { finished_at: ["ingested_at"] },
});

const least = { build_id: "b1", finished_at: "2025-11-27T10:00:00Z" };
const accepted = { ...least, branch: null, output: null };

const rulesOf = (value: unknown) => {
  const verdict = checkRecord(builds, value);
  return {
    violations: verdict.ok ? [] : verdict.violations.map(({ rule }) => rule),
    warnings: verdict.warnings.map(({ rule }) => rule),
  };
};

describe("checkRecord", () => {
  it("accepts a record with the required fields alone", () => {
    expect(checkRecord(builds, least)).toEqual({ ok: true, record: accepted, warnings: [] });
  });

  it("gives the fields of the contract and leaves out the others", () => {
    const record = { ...least, branch: "main", exit_code: 0, output: { any: [1] }, unknown: 1, host: { cpus: 2 } };
    expect(checkRecord(builds, record)).toEqual({
      ok: true,
      record: { ...least, branch: "main", exit_code: 0, output: { any: [1] }, host: { os: null } },
      warnings: [],
    });
  });

  it("sets aside a record whose required field is missing, null or wrong", () => {
    expect(rulesOf({ ...least, build_id: undefined })).toEqual({ violations: ["build_id.required"], warnings: [] });
    expect(rulesOf({ ...least, build_id: null })).toEqual({ violations: ["build_id.required"], warnings: [] });
    expect(rulesOf({ ...least, build_id: "" })).toEqual({ violations: ["build_id.valid"], warnings: [] });
    expect(rulesOf({ ...least, finished_at: 5 })).toEqual({ violations: ["finished_at.valid"], warnings: [] });
  });

  it("keeps a record whose optional field is wrong, without it and with a warning", () => {
    for (const wrong of [{ exit_code: "0" }, { branch: 5 }, { note: 5 }, { constructor: {} }, { host: "x" }]) {
      const [name] = Object.keys(wrong);
      expect(checkRecord(builds, { ...least, ...wrong })).toEqual({
        ok: true,
        record: accepted,
        warnings: [{ rule: `${name}.valid`, field: name, reason: expect.stringContaining(`"${name}" must be `) }],
      });
    }
  });

  it("warns of a value that is valid and not expected", () => {
    expect(rulesOf({ ...least, branch: "topic" })).toEqual({ violations: [], warnings: ["branch.expected"] });
    expect(rulesOf({ ...least, host: { os: "plan9" } })).toEqual({ violations: [], warnings: ["host.expected"] });
    expect(rulesOf({ ...least, host: { os: null } })).toEqual({ violations: [], warnings: [] });
  });

  it("gives every broken rule with what was expected and found", () => {
    const verdict = checkRecord(builds, { build_id: "", finished_at: [], exit_code: 1.5, branch: "x".repeat(500) });
    expect(verdict).toEqual({
      ok: false,
      violations: [
        { rule: "build_id.valid", field: "build_id", reason: '"build_id" must be a non-empty string, found ""' },
        {
          rule: "finished_at.valid",
          field: "finished_at",
          reason: '"finished_at" must be an ISO 8601 date-time that exists, found an array',
        },
      ],
      warnings: [
        { rule: "exit_code.valid", field: "exit_code", reason: '"exit_code" must be a whole number, found 1.5' },
        {
          rule: "branch.expected",
          field: "branch",
          reason: `"branch" should be one of "main", "next", found "${"x".repeat(80)}"…`,
        },
      ],
    });
  });

  it("takes ingested_at from the option, by default from the clock, and not from the record", () => {
    const record = { build_id: "b1", ingested_at: "nonsense" };
    expect(checkRecord(builds, record)).toMatchObject({ ok: true });
    expect(checkRecord(builds, record, { ingestedAt: "2025-11-27T10:00:00+01:00" })).toMatchObject({
      record: { finished_at: "2025-11-27T10:00:00+01:00" },
    });
  });

  it.each([null, undefined, 5, "text", true, [least], Symbol("s"), 5n])("refuses %o, which is no object", (value) => {
    expect(rulesOf(value)).toEqual({ violations: ["record.object"], warnings: [] });
  });

  it("takes __proto__ for data", () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"build_id":"x","finished_at":"2025-11-27T10:00:00Z"}}');
    expect(rulesOf(hostile).violations).toEqual(["build_id.required"]);
  });

  it("never throws", () => {
    const circular: Record<string, unknown> = { ...least, exit_code: 1n, branch: Symbol("s") };
    circular.output = circular;
    circular.host = circular;
    expect(checkRecord(builds, circular).ok).toBe(true);
    const fields = fc.record(
      { build_id: jsonValues, finished_at: jsonValues, branch: jsonValues, note: jsonValues, host: jsonValues },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(fc.oneof(jsonValues, fields), (value) => typeof checkRecord(builds, value).ok === "boolean"));
  });
});
