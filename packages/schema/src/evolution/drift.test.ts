import { describe, expect, it } from "vitest";
import { describeDrift, driftOf, isSameDrift } from "./drift.ts";
import type { Profile, ProfiledField } from "./field-profile.ts";

function day(records: number, fields: Readonly<Record<string, ProfiledField["kinds"]>>): Profile {
  return { records, more_fields: false, fields: Object.entries(fields).map(([name, kinds]) => ({ name, kinds })) };
}

const words = (before: readonly Profile[], today: Profile) => driftOf(before, today).map(describeDrift);

describe("driftOf", () => {
  it("finds nothing without days before, nor between equal days", () => {
    expect(driftOf([], day(10, { a: { string: 10 } }))).toEqual([]);
    expect(driftOf([day(9, { a: { string: 8 } })], day(10, { a: { string: 9 } }))).toEqual([]);
  });

  it("finds new and vanished fields, changed types and more nulls", () => {
    const before = [
      day(100, { a: { string: 100 }, b: { number: 60 }, c: { string: 1 } }),
      day(100, { a: { string: 100 } }),
    ];
    const today = day(50, { a: { string: 30, number: 1 }, region: { string: 25 }, gone: { null: 50 } });
    expect(words(before, today)).toEqual([
      '"a" was string and is string or number',
      '"a" is missing or null in 38 % of the records, before in 0.0 %',
      'the field "b" has vanished; it was in 30 % of the records',
      'new field "region" (string) in 50 % of the records',
    ]);
  });

  it("does not take chance for drift", () => {
    const before = [day(1000, { a: { string: 500 } })];
    expect(words(before, day(4, {}))).toEqual([]);
    expect(words(before, day(4, { a: { string: 1 } }))).toEqual([]);
    expect(words(before, day(400, { a: { string: 180 } }))).toEqual([]);
    expect(words(before, day(400, { a: { string: 100 } }))).toHaveLength(1);
  });

  it("does not take a known field that is rare for a new one", () => {
    const before = [day(18, { a: { string: 18 } })];
    const today = day(18, { a: { string: 18 }, error: { object: 1 }, region: { string: 1 } });
    const fieldsOf = (earlier: readonly Profile[], now: Profile) =>
      driftOf(earlier, now, ["a", "error"]).map(({ kind, field }) => `${kind} ${field}`);
    expect(fieldsOf(before, today)).toEqual(["new field region"]);
    expect(fieldsOf([day(1000, { a: { string: 1000 } })], today)).toEqual(["new field error", "new field region"]);
  });

  it("tells findings apart by their field and types", () => {
    const found = { kind: "new field", field: "a", types: ["string"], share: 0.5 } as const;
    expect(isSameDrift(found, { ...found, types: ["string", "number"], share: 0.6 })).toBe(true);
    expect(isSameDrift({ ...found, types: ["number"] }, found)).toBe(false);
    expect(isSameDrift({ ...found, field: "b" }, found)).toBe(false);
  });
});
