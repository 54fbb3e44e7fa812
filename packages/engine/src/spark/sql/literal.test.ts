import fc from "fast-check";
import { expect, it } from "vitest";
import { identifier, sql } from "../../sql/sql.ts";
import { quoteValue, renderSpark } from "./literal.ts";
import { javaPattern } from "./pattern.ts";

it("writes a statement", () => {
  const name = "it's \\ \u0024{x}";
  expect(renderSpark(sql`SELECT ${identifier("a`b")} FROM t WHERE x = ${name} AND n > ${2 ** 40}`)).toBe(
    "SELECT `a``b` FROM t WHERE x = 'it\\u0027s \\u005c \\u0024{x}' AND n > 1099511627776L",
  );
});

it("lets no text end its literal, escape in it or stand for a variable", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
      (text) => {
        const inside = quoteValue(text).slice(1, -1);
        expect(inside.replaceAll(/\\u00[0-9a-f]{2}|\\u202[89]/g, "")).not.toMatch(/['\\$\p{Cc}]/u);
      },
    ),
  );
});

it("refuses what is no SQL", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "\ud800"]) {
    expect(() => quoteValue(value)).toThrow(expect.objectContaining({ code: "VALUE_INVALID" }));
  }
  expect(() => renderSpark(identifier("a\0b"))).toThrow(expect.objectContaining({ code: "VALUE_INVALID" }));
});

it("writes regular expressions for Java", () => {
  expect(javaPattern("^a$|[$\\]]\\$\\s")).toBe("(?d)^a\\z|[$\\]]\\$[\\t\\n\\f\\r ]");
  expect(javaPattern("[^[&\\s]")).toBe("(?d)[^\\[\\&\\t\\n\\f\\r ]");
});
