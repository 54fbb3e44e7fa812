import { newLake } from "../lakes.ts";
import { measure } from "../measure/measure.ts";
import { measureInTurns } from "../measure/rounds.ts";
import { type Findings, judge, notMeasured } from "../report/results.ts";
import { inputFile, medallion, teller, type Workplace } from "../workplace.ts";

const DAYS = 365;
const TASKS_A_DAY = { "100k": 100, "1m": 10_000, "10m": 10_000, "30m": 10_000 } as const;
const COMMAND = "kpis";

/** The numbers of a year. Skipped, saying so, by a version of Medallion that has no such command. */
export async function kpis(place: Workplace): Promise<Findings> {
  const { size, repeat } = place.options;
  const tasksADay = TASKS_A_DAY[size];
  const work = `KPIs of ${DAYS} days of ${tasksADay.toLocaleString("en-US")} tasks`;
  const target = "under 1 s of CPU";
  const { stdout } = await measure({ words: medallion("--help") });
  if (!new RegExp(`^ {2}${COMMAND}\\b`, "m").test(stdout)) {
    const why = `this version has no \`medallion ${COMMAND}\``;
    return { results: [], targets: [notMeasured(work, target, why)], skipped: [{ what: COMMAND, why }] };
  }
  const records = DAYS * tasksADay;
  const input = await inputFile(place, "year", { records, days: DAYS, finalOnly: true });
  const lake = await newLake(place, "year");
  await measure({ words: medallion("ingest", "tasks", input, "--lake", lake) });
  await measure({ words: medallion("run", "--lake", lake) });
  const words = medallion(COMMAND, "20251101", "20261031", "--lake", lake);
  const contestant = { name: "Medallion", prepare: async () => ({ words }) };
  const summary = (await measureInTurns([contestant], repeat, teller(place, "kpis"))).get("Medallion");
  if (summary === undefined) throw new TypeError("the KPIs were not measured");
  return {
    results: [{ ...summary, task: "KPIs of a year", tool: "Medallion", beside: "Medallion", records, note: null }],
    targets: [
      summary.cpuSeconds === null
        ? notMeasured(work, target, "the machine does not say")
        : judge({ work, target, value: summary.cpuSeconds, atMost: 1, unit: "s of CPU" }),
    ],
    skipped: [],
  };
}
