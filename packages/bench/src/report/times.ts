import { amount, type Result } from "./results.ts";
import { table } from "./table.ts";

const MEBIBYTE = 1024 ** 2;

/** What the cells of a table of times are made from. */
interface Times {
  /** All results, among them those that others are compared with. */
  readonly results: readonly Result[];
  readonly repeat: number;
}

const COLUMNS: Readonly<Record<string, (result: Result, times: Times) => string>> = {
  task: ({ task }) => task,
  tool: ({ tool }) => tool,
  records: ({ records }) => (records === null ? "" : records.toLocaleString("en-US")),
  wall: ({ wallSeconds }) => `${amount(wallSeconds)} s`,
  ratio: (result, { results }) => ratioText(result, results, "wallSeconds"),
  CPU: ({ cpuSeconds }) => (cpuSeconds === null ? "" : `${amount(cpuSeconds)} s`),
  "ratio of CPU": (result, { results }) => ratioText(result, results, "cpuSeconds"),
  memory: ({ peakBytes }) => (peakBytes === null ? "" : `${amount(peakBytes / MEBIBYTE)} MiB`),
  note: (result, { repeat }) => noteOf(result, repeat),
};

/** The times of some results as a table in Markdown, without the columns that are left out. */
export function timesTable(shown: readonly Result[], times: Times, without: readonly string[] = []): string {
  const columns = Object.entries(COLUMNS).filter(([name]) => !without.includes(name));
  return table(
    columns.map(([name]) => name),
    shown.map((result) => columns.map(([, cell]) => cell(result, times))),
  );
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
function noteOf({ runs, note }: Result, repeat: number): string {
  const fewer = runs.length < repeat ? [runs.length === 1 ? "one run" : `median of ${runs.length}`] : [];
  return [...(note === null ? [] : [note]), ...fewer].join("; ");
}

function ratioText(result: Result, results: readonly Result[], time: "wallSeconds" | "cpuSeconds"): string {
  const ratio = ratioOf(result, results, time);
  return ratio === null ? "" : `${amount(ratio)} x`;
}
