import type { Environment } from "./environment.ts";
import { amount, type Findings, type Result } from "./results.ts";

/** All that a report says. */
export interface Report extends Findings {
  readonly environment: Environment;
  readonly size: string;
  readonly repeat: number;
}

export const MEBIBYTE = 1024 ** 2;

/** The report as Markdown: targets, times and what was left out. */
export function markdown(report: Report): string {
  const { environment, size, repeat, targets, results, skipped } = report;
  const versions = Object.entries(environment.versions).map(([name, version]) => `${name} ${version}`);
  const runs = repeat === 1 ? "one run" : `the median of ${repeat} runs`;
  return `# Medallion measured

${environment.date.slice(0, 10)}, ${environment.machine}. Size ${size}; every time is ${runs} of a process of its own, the
tools taking turns. ${versions.join(", ")}.

## Targets

${table(
  ["work", "target", "measured", ""],
  targets.map(({ work, target, measured, verdict }) => [work, target, measured, verdict]),
)}

## Times

Ratios are to the row without one in the same task, per record where the numbers of records differ. That of CPU time suffers
less from what else the machine did. Memory is the largest resident size of any one process.

${table(
  ["task", "tool", "records", "wall", "ratio", "CPU", "ratio of CPU", "memory", "note"],
  results.map((result) => [
    result.task,
    result.tool,
    result.records === null ? "" : result.records.toLocaleString("en-US"),
    `${amount(result.wallSeconds)} s`,
    ratioText(result, results, "wallSeconds"),
    result.cpuSeconds === null ? "" : `${amount(result.cpuSeconds)} s`,
    ratioText(result, results, "cpuSeconds"),
    result.peakBytes === null ? "" : `${amount(result.peakBytes / MEBIBYTE)} MiB`,
    noteOf(result, repeat),
  ]),
)}
${skipped.length === 0 ? "" : `\nLeft out: ${skipped.map(({ what, why }) => `${what} (${why})`).join("; ")}.\n`}`;
}

/** A time of a result beside that of the one that it is compared with, per record; null when one was not measured. */
function ratioOf(result: Result, results: readonly Result[], time: "wallSeconds" | "cpuSeconds"): number | null {
  const base = results.find(({ task, tool }) => task === result.task && tool === result.beside);
  const [own, other] = [result[time], base?.[time] ?? null];
  if (base === undefined || base === result || own === null || other === null || other === 0) return null;
  const records = result.records === null || base.records === null ? 1 : base.records / result.records;
  return (own / other) * records;
}

/** The note of a result, and how often it was measured where that is less often than the others. */
export function noteOf({ runs, note }: Result, repeat: number): string {
  const fewer = runs.length < repeat ? [runs.length === 1 ? "one run" : `median of ${runs.length}`] : [];
  return [...(note === null ? [] : [note]), ...fewer].join("; ");
}

export function ratioText(result: Result, results: readonly Result[], time: "wallSeconds" | "cpuSeconds"): string {
  const ratio = ratioOf(result, results, time);
  return ratio === null ? "" : `${amount(ratio)} x`;
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
