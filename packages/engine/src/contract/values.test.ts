import { describe, expect, it } from "vitest";
import { type Sql, sql } from "../sql/sql.ts";
import { testEngines } from "../testing.ts";
import { expectEach, SLOWLY, Suite } from "./testing/each.ts";

describe.each(testEngines)("reads and writes values: $name", SLOWLY, (candidate) => {
  const suite = new Suite(candidate);

  it("reads instants to the microsecond, and local times in the session's zone", async () => {
    const answers: [string, string | null][] = [
      ["2025-11-27T10:00:00.1234569+05:30", "2025-11-27T04:30:00.123456Z"],
      ["2025-11-27T10:00:00-18", "2025-11-28T04:00:00.000000Z"],
      ["2025-11-27T10:00:00.5-0530", "2025-11-27T15:30:00.500000Z"],
      ["2025-07-01T12:00:00", "2025-07-01T10:00:00.000000Z"],
      ["2025-03-30T02:30:00", "2025-03-30T01:30:00.000000Z"],
      ["2025-10-26T02:30:00", "2025-10-26T01:30:00.000000Z"],
      ["2025-10-26T01:59:59.999999", "2025-10-25T23:59:59.999999Z"],
      ["2025-10-26T03:00:00", "2025-10-26T02:00:00.000000Z"],
      ["1800-01-01T00:00:00", "1799-12-31T23:06:32.000000Z"],
      ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"],
      ["9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999Z"],
      ["1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"],
      ["2025-02-30T10:00:00Z", null],
      ["2025-02-30T10:00:00", null],
    ];
    const inputs = answers.map(([input]) => input);
    expectEach(answers, await suite.each(inputs, ({ instantText, isoInstant }, text) => instantText(isoInstant(text))));
    const micros = await suite.each(["0", "-1", "253402300799999999"], (dialect, text) =>
      dialect.instantText(dialect.instantOfMicros(sql`CAST(${text} AS BIGINT)`)),
    );
    expect(micros).toEqual([
      "1970-01-01T00:00:00.000000Z",
      "1969-12-31T23:59:59.999999Z",
      "9999-12-31T23:59:59.999999Z",
    ]);
    expect(
      await suite.each(["1969-12-31T23:59:59.999999Z"], (dialect, text) => dialect.micros(dialect.isoInstant(text))),
    ).toEqual([-1]);
  });

  it("finds the day in the session's time zone", async () => {
    const answers: [string, string][] = [
      ["2025-11-27T22:59:59.999999Z", "20251127"],
      ["2025-11-27T23:00:00Z", "20251128"],
      ["2025-07-01T22:00:00Z", "20250702"],
      ["0001-01-01T00:00:00Z", "00010101"],
      ["9999-12-31T23:59:59Z", "100000101"],
    ];
    expectEach(
      answers,
      await suite.each(
        answers.map(([input]) => input),
        ({ day, isoInstant }, text) => day(isoInstant(text)),
      ),
    );
  });

  it("matches whole texts", async () => {
    const patterns = ["^[a-z]+$", "^a.b$", "^\\d{2}\\s\\w$", "^(?:a|b)*$", "^[a[b]$", "^[a&&b]+$", "^[$]$|^\\$x$"];
    const texts = ["abc", "abc\n", "a\nb", "a\rb", "12 a", "12\va", "abab", "[", "&", "$", "$x", "", "é"];
    for (const pattern of patterns) {
      const found = await suite.each(texts, (dialect, text) => dialect.matches(text, pattern));
      const expected = texts.map((text) =>
        pattern === "^a.b$" && text === "a\rb" ? true : new RegExp(pattern).test(text),
      );
      // JavaScript's `\s` has the vertical tab, which RE2 has not.
      expectEach(
        texts.map((text, index) => [text, text.includes("\v") ? false : expected[index]]),
        found,
      );
    }
    expect(await suite.each(["😀é", ""], (dialect, text) => dialect.characterCount(text))).toEqual([2, 0]);
    expect(await suite.each(["abc"], (dialect, text) => dialect.startsWith(text, "ab"))).toEqual([true]);
    expect(await suite.each(["abc"], (dialect, text) => dialect.endsWith(text, sql`'ab'`))).toEqual([false]);
    expect(await suite.each(["é😀bcbc", "b", "xyz"], (dialect, text) => dialect.textBefore(text, sql`'bc'`))).toEqual([
      "é😀",
      "b",
      "xyz",
    ]);
    expect(await suite.each(["b", ""], (dialect, text) => dialect.concat([sql`'a'`, text, sql`'c'`]))).toEqual([
      "abc",
      "ac",
    ]);
  });

  it("reads and writes numbers", async () => {
    const doubles: [string, number | null][] = [
      ["1.5e3", 1500],
      ["-0.1", -0.1],
      ["1e400", null],
      ["1d", null],
      ["0x10", null],
      ["nan", null],
      ["", null],
      ["+1", 1],
      [".5", 0.5],
    ];
    expectEach(
      doubles,
      await suite.each(
        doubles.map(([input]) => input),
        (dialect, text) => dialect.finiteDouble(text),
      ),
    );
    const seconds: [string, string][] = [
      ["0", "0"],
      ["60500000", "60.5"],
      ["2400000007", "2400.000007"],
      ["10000000", "10"],
      ["1", "0.000001"],
      ["1000000000000000000", "1000000000000"],
      ["9223372036854775807", "9223372036854.775807"],
    ];
    const big = (text: Sql) => sql`CAST(${text} AS BIGINT)`;
    expectEach(
      seconds,
      await suite.each(
        seconds.map(([input]) => input),
        (dialect, text) => dialect.secondsText(big(text)),
      ),
    );
    expect(
      await suite.each(["2400000007"], (dialect, text) => dialect.microsOfSeconds(dialect.seconds(big(text)))),
    ).toEqual([2_400_000_007]);
    expect(await suite.each(["199"], (dialect, text) => dialect.integerQuotient(big(text), sql`100`))).toEqual([1]);
    expect(
      await suite.each(["1e2", "true"], (dialect, text) => dialect.cast(dialect.cast(text, "double"), "integer")),
    ).toEqual([100, null]);
    expect(await suite.each(["true", "x"], (dialect, text) => dialect.cast(text, "boolean"))).toEqual([true, null]);
  });

  it("sums exactly", async () => {
    const whole = sql`(SELECT CAST(9223372036854775807 AS BIGINT) AS n UNION ALL SELECT 9223372036854775807 UNION ALL SELECT NULL) AS t`;
    const doubles = sql`(SELECT CAST('0.1' AS DOUBLE) AS n UNION ALL SELECT CAST('0.2' AS DOUBLE) UNION ALL SELECT CAST('1e15' AS DOUBLE)) AS t`;
    const { exactSum, decimalSum } = suite.engine.dialect;
    expect(await suite.engine.rows(sql`SELECT ${exactSum(sql`n`)} AS total FROM ${whole}`)).toEqual([
      { total: "18446744073709551614" },
    ]);
    expect(await suite.engine.rows(sql`SELECT ${decimalSum(sql`n`)} AS total FROM ${doubles}`)).toEqual([
      { total: "1000000000000000.300000000000" },
    ]);
  });

  it("joins the texts of a group", async () => {
    const { joined } = suite.engine.dialect;
    const texts = sql`(SELECT 'a' AS g, 'é' AS t UNION ALL SELECT 'a', 'é' UNION ALL SELECT 'b', '') AS t`;
    const rows = await suite.engine.rows(sql`SELECT g, ${joined(sql`t`)} AS texts FROM ${texts} GROUP BY g ORDER BY g`);
    expect(rows.map(({ g, texts: found }) => [g, found])).toEqual([
      ["a", "éé"],
      ["b", ""],
    ]);
  });
});
