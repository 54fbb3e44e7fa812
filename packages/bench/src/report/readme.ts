import { BenchError } from "../errors.ts";
import type { Report } from "./markdown.ts";
import { picture } from "./svg.ts";
import { table } from "./table.ts";
import { timesTable } from "./times.ts";

/** The tasks whose times a reader of the README looks for; the others stand in the whole report. */
const SHOWN_TASKS = ["run", "run, 1 % more", "growth", "KPIs of a year"];

/**
 * The README with the result of a run between the marks of its size, `<!-- bench 1m -->` and `<!-- /bench 1m -->`.
 * @param folder where the reports are, seen from the README
 * @throws BenchError README_UNMARKED when it has no such marks
 */
export function withSection(readme: string, report: Report, folder: string): string {
  const [begin, end] = [`<!-- bench ${report.size} -->`, `<!-- /bench ${report.size} -->`];
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end, from);
  if (from < 0 || to < 0) {
    const text = `Expected the README to have the lines ${begin} and ${end}, between which the result goes. Add them.`;
    throw new BenchError("README_UNMARKED", text);
  }
  return `${readme.slice(0, from)}${begin}\n\n${section(report, folder)}\n\n${readme.slice(to)}`;
}

function section(report: Report, folder: string): string {
  const { environment, size, repeat, targets, results, skipped } = report;
  const whole = `${folder}/bench-${size}`;
  const runs = repeat === 1 ? "one run each" : `medians of ${repeat} runs`;
  const shown = results.filter(({ task }) => SHOWN_TASKS.includes(task));
  return [
    ...(picture(report) === null ? [] : [`![Bronze to gold beside other tools](${whole}.svg)`]),
    `Measured on ${environment.date.slice(0, 10)} with ${environment.machine}; size ${size}, ${runs}, the tools taking turns ([whole report](${whole}.md)).`,
    table(
      ["work", "target", "measured", ""],
      targets.map(({ work, target, measured, verdict }) => [work, target, measured, verdict]),
    ),
    ...(shown.length === 0 ? [] : [timesTable(shown, report, ["ratio of CPU"])]),
    ...(skipped.length === 0 ? [] : [`Left out: ${skipped.map(({ what, why }) => `${what} (${why})`).join("; ")}.`]),
  ].join("\n\n");
}
