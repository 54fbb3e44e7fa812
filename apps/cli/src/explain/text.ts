import type { ExplainedRow, Explanation } from "@medallion/gold";
import { counted, grouped, table } from "../terminal.ts";

const WIDEST = 60;

/** An explanation for people: the number, how it comes about, and the first rows. */
export function describeExplanation(explanation: Explanation, limit: number): string[] {
  const { document, path, value, formula, rank, rows } = explanation;
  const shown = rows.slice(0, limit);
  const isQuality = path.startsWith("quality.");
  const header = ["part", "task_id", "status", isQuality ? "outcome" : "seconds", "timestamp", "bronze line", "source"];
  const cells = shown.map((row) => [
    row.part,
    clipped(row.task_id),
    clipped(row.status),
    isQuality ? outcomeOf(row) : (row.duration_seconds?.toString() ?? ""),
    row.timestamp ?? "",
    `${row.bronze.file}:${row.bronze.line}`,
    clipped(row.source_file),
  ]);
  const kept = header.map((_, column) => column === 1 || column === 5 || cells.some((row) => row[column] !== ""));
  const columns = (row: readonly string[]) => row.filter((_, column) => kept[column]);
  const rankText = rank === undefined ? [] : [describeRank(rank)];
  const more = rows.length > shown.length ? `; the first ${shown.length} (--limit shows more, --json all)` : "";
  return [
    `${path} of ${document} is ${value}.`,
    `How: ${formula}.`,
    ...rankText,
    `${counted(rows.length, "row")}${partsOf(rows)}${more}.`,
    ...(shown.length === 0 ? [] : table(columns(header), cells.map(columns))),
  ];
}

function describeRank({ count, lower, fraction }: NonNullable<Explanation["rank"]>): string {
  const rank = Math.round((lower + fraction) * 100) / 100;
  return `Rank ${grouped(rank)} of ${counted(count, "duration")} in order.`;
}

/** `: 5 numerator, 150 denominator` */
function partsOf(rows: readonly ExplainedRow[]): string {
  const counts = new Map<string, number>();
  for (const { part } of rows) counts.set(part, (counts.get(part) ?? 0) + 1);
  if (counts.size < 2) return "";
  return `: ${[...counts].map(([part, count]) => `${grouped(count)} ${part}`).join(", ")}`;
}

function outcomeOf({ outcome, rule, warnings }: ExplainedRow): string {
  const rules = rule === null ? warnings : [rule, ...warnings];
  return rules.length === 0 ? outcome : `${outcome} (${rules.join(", ")})`;
}

/** On one line and not too wide for it. */
function clipped(text: string | null): string {
  const characters = [...(text ?? "").slice(0, 2 * WIDEST).replaceAll("\n", "\\n")];
  return characters.length > WIDEST ? `${characters.slice(0, WIDEST - 1).join("")}…` : characters.join("");
}
