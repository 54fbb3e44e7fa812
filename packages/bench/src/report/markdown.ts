import type { Environment } from "./environment.ts";
import { amount, type Findings, type Result } from "./results.ts";

/** All that a report says. */
export interface Report extends Findings {
  readonly environment: Environment;
  readonly size: string;
  readonly repeat: number;
}

const MEBIBYTE = 1024 ** 2;

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

\`ratio\` is the wall time beside that of the row named, per record where the numbers of records differ. Memory is the largest
resident size of any one process.

${table(
  ["task", "tool", "records", "wall", "CPU", "memory", "ratio", "note"],
  results.map((result) => [
    result.task,
    result.tool,
    result.records === null ? "" : result.records.toLocaleString("en-US"),
    `${amount(result.wallSeconds)} s`,
    result.cpuSeconds === null ? "" : `${amount(result.cpuSeconds)} s`,
    result.peakBytes === null ? "" : `${amount(result.peakBytes / MEBIBYTE)} MiB`,
    ratioText(result, results),
    result.note ?? "",
  ]),
)}
${skipped.length === 0 ? "" : `\nLeft out: ${skipped.map(({ what, why }) => `${what} (${why})`).join("; ")}.\n`}`;
}

/** The time of a result beside the one that it is compared with, per record; null when that one was not measured. */
export function ratioOf(result: Result, results: readonly Result[]): number | null {
  const base = results.find(({ task, tool }) => task === result.task && tool === result.beside);
  if (base === undefined || base === result) return null;
  const records = result.records === null || base.records === null ? 1 : base.records / result.records;
  return (result.wallSeconds / base.wallSeconds) * records;
}

function ratioText(result: Result, results: readonly Result[]): string {
  const ratio = ratioOf(result, results);
  return ratio === null ? "" : `${amount(ratio)} x`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
