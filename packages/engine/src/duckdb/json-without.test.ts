import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Engine } from "../engine.ts";
import { join as joinSql, sql } from "../sql/sql.ts";
import { openDuckDb } from "./engine.ts";

const DOCUMENTS = 3_000;
const folder = mkdtempSync(join(tmpdir(), "medallion-without-"));
let engine: Engine;

beforeAll(async () => {
  engine = await openDuckDb({ timeZone: "UTC", folders: [folder], temporaryFolder: folder });
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

/** Numbers as texts that a parser may write differently than it read them. */
const numbers = fc.oneof(
  fc.constantFrom("0", "-0", "1.0", "1.10", "1e2", "1E+2", "100000000000000000000", "18446744073709551616", "0.1e-7"),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
);
const strings = fc.oneof(
  fc.constantFrom('"a\\u0000b"', '"\\/"', '"\\u00e9"', '"é"', '"\\ud83d\\ude00"', '"😀"', '"\u007f"', '"\\u007f"'),
  fc.string({ unit: "binary", maxLength: 5 }).map((text) => JSON.stringify(text)),
);
const value = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.oneof(numbers, strings, fc.constantFrom("null", "true", "[]", "{}", "[1, 2]")),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
    fc.array(fc.tuple(strings, tie("value")), { maxLength: 3 }).map((items) => objectOf(items)),
  ),
})).value;

function objectOf(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([key, text]) => `${key}:${text}`).join(",")}}`;
}

const documents = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom('"a"', '"b"', '"c"'), strings), value), { maxLength: 6 })
  .map((members) => objectOf([...new Map(members)]));

it("takes members out and leaves the others as they are, to the byte, or says that it cannot", async () => {
  const { dialect } = engine;
  const texts = fc.sample(documents, DOCUMENTS).filter((text) => text.isWellFormed());
  const rows = joinSql(
    texts.map((text) => sql`(${text})`),
    sql`, `,
  );
  const document = sql`document`;
  const names = dialect.listOfPresent([sql`'a'`, sql`'b'`]);
  const slow = dialect.jsonMembersNamed(dialect.jsonMembers(document), dialect.jsonKeys(document), names, false);
  const found = await engine.rows(sql`SELECT document, ${dialect.jsonWithout(document, ["a", "b"])} AS quick,
    '{' || ${slow} || '}' AS slow FROM (VALUES ${rows}) AS d(document)`);
  expect(found.filter(({ quick, slow }) => quick !== null && quick !== slow).slice(0, 3)).toEqual([]);
  expect(found.filter(({ quick }) => quick !== null).length).toBeGreaterThan(texts.length / 10);
});
