import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ColumnType } from "../column-type.ts";
import { SchemaError } from "../errors.ts";
import { evaluate } from "./evaluate.ts";
import { expressionFields } from "./expression.ts";
import { parseCondition, parseExpression } from "./parse.ts";
import { printExpression } from "./print.ts";

const FIELDS = new Map<string, ColumnType>([
  ["created_at", "instant"],
  ["completed_at", "instant"],
  ["price", "double"],
  ["count", "integer"],
  ["name", "text"],
  ["active", "boolean"],
  ["payload", "json"],
  ["constructor", "text"],
  ['a "quoted" name', "text"],
]);

function failure(read: () => unknown): SchemaError {
  try {
    read();
  } catch (error) {
    if (error instanceof SchemaError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("parseExpression", () => {
  it.each([
    ["completed_at >= created_at", "completed_at >= created_at"],
    ["count!=1 and not (active or price is not null)", "count <> 1 AND NOT (active OR price IS NOT NULL)"],
    ["((count + 1)) * 2 - (3 - 4)", "(count + 1) * 2 - (3 - 4)"],
    ["- -count", "-(-count)"],
    ["-1 * count", "-1 * count"],
    ["name not like '100!%' escape '!'", "name NOT LIKE '100!%' ESCAPE '!'"],
    ["name In ('it''s', \"constructor\")", "name IN ('it''s', constructor)"],
    ["Round(price, 2) not between 0 and 1e3", "round(price, 2) NOT BETWEEN 0 AND 1000"],
    ['lower("a ""quoted"" name") || name', 'lower("a ""quoted"" name") || name'],
    ["case when active then null else created_at end", "CASE WHEN active THEN NULL ELSE created_at END"],
    ["created_at\r\n\t< '2025-11-27T10:00:00+01'", "created_at < '2025-11-27T10:00:00+01'"],
    ["payload IS NULL", "payload IS NULL"],
    ["(count = 1) = active", "(count = 1) = active"],
  ])("reads %s", (text, printed) => {
    const expression = parseExpression(text, FIELDS);
    expect(printExpression(expression)).toBe(printed);
    expect(parseExpression(printed, FIELDS)).toEqual(expression);
  });

  it("gives the type and the fields", () => {
    const total = parseExpression("round(price * count, 2) + price", FIELDS);
    expect(total.type).toBe("number");
    expect(expressionFields(total)).toEqual(["price", "count"]);
    expect(parseExpression("CASE WHEN active THEN NULL ELSE created_at END", FIELDS).type).toBe("instant");
  });

  it.each([
    ["completed_at >= creatd_at", 17, 'Did you mean "created_at"?'],
    ["Name = 'x'", 1, 'Did you mean "name"?'],
    ["name = Paid", 8, "Text is written in single quotes."],
    ["rond(price)", 1, "Did you mean round?"],
    ["count = '3'", 9, "Values of different types are never converted."],
    ["count = NULL", 9, "write IS NULL or IS NOT NULL"],
    ["count IN (1, NULL)", 14, "write IS NULL or IS NOT NULL"],
    ["payload = 'x'", 1, "A JSON field can only be tested with IS NULL."],
    ["payload", 1, "A JSON field can only be tested with IS NULL."],
    ["created_at > '2025-11-27'", 14, "with an offset"],
    ["created_at > '2025-11-27T10:00:00'", 14, "with an offset"],
    ["created_at > '2025-02-30T10:00:00Z'", 14, "with an offset"],
    ["active < active", 1, "expected a number, text, an instant"],
    ["coalesce(NULL, NULL)", 10, "found NULL alone"],
    ["NULL IS NULL", 1, "found NULL"],
    ["1 < count < 3", 11, "Put parentheses around"],
    ["count IN ()", 11, 'found ")"'],
    ["😀", 1, 'found "😀"'],
    ["name = '😀' ;", 12, 'found ";"'],
    ["name = 'open", 8, "a closing '"],
    ["count -- 1", 7, "without comments"],
    ["count + 1 /* one */", 11, "without comments"],
    ["end = 1", 1, 'A field of this name is written "end".'],
    ["1e999 > count", 1, "a number that a double can hold"],
    ["1x > count", 1, "a number such as 42 or 0.5"],
    ["name LIKE constructor", 11, "a pattern in quotes"],
    ["name LIKE 'a!b' ESCAPE '!'", 11, "%, _ or ! after each !"],
    ["name LIKE 'a' ESCAPE 'ab'", 15, "one character"],
    ["round(price, count)", 14, "a whole number from 0 to 15"],
    ["length(name, 1)", 1, "1 value for length"],
    ["", 1, "found the end"],
    ["active AND", 11, "found the end"],
    [`count${" + count".repeat(200)}`, 1, "at most 100 levels"],
    [`${"price / (".repeat(30)}count${")".repeat(30)}`, 217, "fields and operators in SQL"],
    ["(".repeat(400), 252, "parentheses"],
    ["name = '\ud800'", 8, "Unicode text"],
  ])("says where and why of %j", (text, position, reason) => {
    const { code, message, facts } = failure(() => parseExpression(text, FIELDS));
    expect(message).toContain(reason);
    expect(message).toContain(`at character ${position}:`);
    expect([code, facts.position]).toEqual(["EXPRESSION_INVALID", position]);
  });

  it("takes no text longer than the limit", () => {
    const { message } = failure(() => parseExpression(" ".repeat(10_001), FIELDS));
    expect(message).toContain("at most 10000 characters, found 10001");
  });

  it("throws nothing but SchemaError, and reads again what it prints", () => {
    const words = fc.constantFrom(
      ..."AND OR NOT IS NULL IN BETWEEN LIKE ESCAPE CASE WHEN THEN ELSE END TRUE FALSE".split(" "),
      ..."created_at price count name active payload constructor toString __proto__ coalesce( round( length(".split(
        " ",
      ),
      ..."= <> < >= + - * / || ( ) , 1 0.5 1e3 'a' 'a''b' '%' \"name\" '2025-11-27T10:00:00Z'".split(" "),
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme" }),
      fc.array(words, { maxLength: 12 }).map((parts) => parts.join(" ")),
    );
    fc.assert(
      fc.property(text, (written) => {
        try {
          const expression = parseExpression(written, FIELDS);
          expect(parseExpression(printExpression(expression), FIELDS)).toEqual(expression);
          evaluate(expression, new Map());
        } catch (error) {
          if (!(error instanceof SchemaError)) throw error;
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

it("tells a condition from other expressions", () => {
  expect(parseCondition("active", FIELDS).type).toBe("boolean");
  const { message } = failure(() => parseCondition("count + 1", FIELDS));
  expect(message).toContain("expected a condition, found a number");
});
