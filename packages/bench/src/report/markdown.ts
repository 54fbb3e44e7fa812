import type { Environment } from "./environment.ts";
import type { Findings } from "./results.ts";
import { table } from "./table.ts";
import { timesTable } from "./times.ts";

/** All that a report says. */
export interface Report extends Findings {
  readonly environment: Environment;
  readonly size: string;
  readonly repeat: number;
}

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

${timesTable(results, report)}
${skipped.length === 0 ? "" : `\nLeft out: ${skipped.map(({ what, why }) => `${what} (${why})`).join("; ")}.\n`}`;
}
