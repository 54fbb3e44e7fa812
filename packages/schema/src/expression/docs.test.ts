import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { ColumnType } from "../column-type.ts";
import { parseExpression } from "./parse.ts";
import { printExpression } from "./print.ts";

const FIELDS = new Map<string, ColumnType>([
  ["status", "text"],
  ["branch", "text"],
  ["created_at", "instant"],
  ["completed_at", "instant"],
  ["price", "double"],
  ["discount", "double"],
  ["total", "double"],
]);

it("reads every example of the reference", () => {
  const reference = readFileSync(new URL("../../docs/expressions.md", import.meta.url), "utf8");
  const examples = (/```sql\r?\n(.*?)```/s.exec(reference)?.[1] ?? "").trimEnd().split(/\r?\n/);
  expect(examples.length).toBeGreaterThan(4);
  expect(examples.map((text) => printExpression(parseExpression(text, FIELDS)))).toEqual(examples);
});
