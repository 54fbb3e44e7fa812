import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ColumnType } from "../column-type.ts";
import { isoInstant } from "../instant.ts";
import { columnType } from "./column.ts";
import { compileField } from "./compile.ts";
import { describeCheck } from "./describe.ts";

const cases: readonly (readonly [z.ZodType, ColumnType, string])[] = [
  [z.unknown(), "json", "any value"],
  [z.boolean(), "boolean", "true or false"],
  [z.string(), "text", "a string"],
  [z.string().min(1), "text", "a non-empty string"],
  [z.string().min(2), "text", "a string of at least 2 characters"],
  [z.string().max(5), "text", "a string of at most 5 characters"],
  [z.string().length(5), "text", "a string of exactly 5 characters"],
  [isoInstant(), "instant", "an ISO 8601 date-time that exists"],
  [z.iso.date(), "text", "a string in the form of an ISO 8601 date"],
  [z.uuid(), "text", "a string in the form of a UUID"],
  [z.number().gt(0).lte(1), "double", "a number, more than 0, at most 1"],
  [z.int().min(0).lt(9), "integer", "a whole number, at least 0, less than 9"],
  [z.literal("a"), "text", '"a"'],
  [z.literal(true), "boolean", "true"],
  [z.literal([1, 2]), "double", "one of 1, 2"],
  [z.literal(["a", 1]), "text", 'one of "a", 1'],
  [z.array(z.unknown()).min(1).max(3), "json", "an array of 1 to 3 members"],
  [z.record(z.string(), z.unknown()), "json", "an object"],
  [z.object({ a: z.string(), b: z.string() }), "json", 'an object with a fitting "a", "b"'],
  [z.union([z.string(), z.number()]), "text", "a string or a number"],
  [z.union([z.int(), z.number()]), "double", "a whole number or a number"],
  [z.union([z.string(), z.literal("a")]), "text", 'a string or "a"'],
  [z.union([z.string(), z.array(z.unknown())]), "json", "a string or an array"],
];

describe("a field check", () => {
  it.each(cases)("has its column and its words (%#)", (schema, column, words) => {
    const { check } = compileField("d", "f", schema);
    expect(columnType(check)).toBe(column);
    expect(describeCheck(check)).toBe(words);
  });
});
