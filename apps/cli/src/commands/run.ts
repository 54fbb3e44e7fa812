import { type Day, dailyPath, type Lake, openLake, parseDay, pendingBronze, readState } from "@medallion/lake";
import { datasetFolder } from "../bronze-folders.ts";
import type { CommonOptions } from "../common-options.ts";
import { interruptible } from "../interrupt.ts";
import type { PipelineResult } from "../pipeline.ts";
import { staleGold } from "../stale-gold.ts";
import { counted, Progress, printResult, table } from "../terminal.ts";
import { cliVersion } from "../version.ts";

export interface RunOptions extends CommonOptions {
  readonly rebuild?: true;
  readonly wait: number;
  readonly threads?: number;
  readonly memoryLimit?: string;
}

/** `medallion run [DATE]` */
export async function run(date: string | undefined, options: RunOptions): Promise<void> {
  const started = performance.now();
  const lake = await openLake(options.lake);
  const day = date === undefined ? null : parseDay(date, { timeZone: lake.timeZone });
  const result = (await isIdle(lake, options)) ? null : await runAll(lake, options);
  const seconds = Math.round(performance.now() - started) / 1000;
  if (result === null) {
    const text = "Nothing to do: read 0 records, for bronze holds nothing new.";
    const asked = await documentOf(lake, day);
    printResult(options, { status: "nothing to do", read: 0, seconds, ...asked.fields }, [text, ...asked.lines]);
    return;
  }
  const { commit, reason, partitions, gold } = result;
  const sum = (of: "read" | "accepted" | "duplicate" | "quarantined" | "superseded") =>
    partitions.reduce((total, counts) => total + counts[of], 0);
  const document = {
    status: "done",
    reason,
    commit: commit.number,
    seconds,
    read: sum("read"),
    accepted: sum("accepted"),
    duplicates: sum("duplicate"),
    quarantined: sum("quarantined"),
    superseded: sum("superseded"),
    partitions,
    gold,
  };
  const asked = await documentOf(lake, day);
  printResult(options, { ...document, ...asked.fields }, [...summary(document, result), ...asked.lines]);
}

/** Whether there is nothing to do, found out without a lock, an engine or a data file. */
async function isIdle(lake: Lake, options: RunOptions): Promise<boolean> {
  if (options.rebuild === true) return false;
  const state = await readState(lake);
  const pending = await pendingBronze(lake, state, "tasks", datasetFolder("tasks"));
  if (pending.length > 0 || staleGold(state, "tasks").length > 0) return false;
  const made = state.rules.get("tasks");
  if (made === undefined) return true;
  const { tasks } = await import("@medallion/schema");
  return made.hash === tasks.rulesHash;
}

async function runAll(lake: Lake, options: RunOptions): Promise<PipelineResult | null> {
  const { runPipeline } = await import("../pipeline.ts");
  const progress = new Progress(options);
  try {
    return await interruptible((signal) =>
      runPipeline(lake, {
        version: cliVersion(),
        command: "medallion run",
        rebuild: options.rebuild === true,
        waitMs: options.wait * 1000,
        ...(options.threads === undefined ? {} : { threads: options.threads }),
        ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit }),
        signal,
        onStep: (fraction, text) => progress.show(fraction, text),
      }),
    );
  } finally {
    progress.end();
  }
}

/** Where the document of the day is that was asked for. */
async function documentOf(lake: Lake, day: Day | null): Promise<{ fields: object; lines: string[] }> {
  if (day === null) return { fields: {}, lines: [] };
  const path = dailyPath(day);
  if ((await readState(lake)).gold.has(path))
    return { fields: { document: path }, lines: [`The numbers of ${day}: ${path}`] };
  const none = `There are no numbers of ${day}: no record of that day has been read.`;
  return { fields: { document: null }, lines: [none] };
}

function summary(
  document: {
    read: number;
    accepted: number;
    duplicates: number;
    quarantined: number;
    superseded: number;
    seconds: number;
    commit: number;
  },
  { partitions, gold, reason }: PipelineResult,
): string[] {
  const { read, accepted, duplicates, quarantined, superseded } = document;
  const rows = partitions
    .filter((counts) => counts.read > 0)
    .map((counts) => [
      counts.day,
      counts.read,
      counts.accepted,
      counts.duplicate,
      counts.quarantined,
      counts.superseded,
    ]);
  return [
    `Read ${counted(read, "record")} (${reason}): ${accepted} accepted, ${counted(duplicates, "duplicate")}, ${quarantined} quarantined${superseded > 0 ? `, ${superseded} replacing earlier rows` : ""}.`,
    ...(rows.length === 0
      ? []
      : table(["day", "read", "accepted", "duplicate", "quarantined", "superseded"], rows).map((line) => `  ${line}`)),
    ...rejectLines(partitions),
    `Wrote ${counted(gold.length, "daily document")} in gold/analytics (commit ${document.commit}, ${document.seconds.toFixed(1)} s).`,
  ];
}

function rejectLines(partitions: PipelineResult["partitions"]): string[] {
  const rejects = new Map<string, number>();
  for (const counts of partitions) {
    for (const [rule, count] of Object.entries(counts.rejects)) rejects.set(rule, (rejects.get(rule) ?? 0) + count);
  }
  if (rejects.size === 0) return [];
  const list = [...rejects].map(([rule, count]) => `${rule} ${count}`).join(", ");
  return [`Quarantined by rule: ${list}. The records are in silver/quarantine/tasks.`];
}
