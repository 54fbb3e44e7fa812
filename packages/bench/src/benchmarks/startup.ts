import { join } from "node:path";
import { generateFile } from "../generate/generate.ts";
import { newLake } from "../lakes.ts";
import { measure } from "../measure/measure.ts";
import { measureInTurns } from "../measure/rounds.ts";
import { type Findings, judge, type Result } from "../report/results.ts";
import { medallion, teller, type Workplace } from "../workplace.ts";

const EMPTY = "node -e 0";
const HELP = "medallion --help";
const INGEST = "medallion ingest events --data";
const IDLE = "medallion run, nothing new";
/** Short runs vary most; many of them cost little. */
const LEAST_RUNS = 5;
/** By how much a check may miss a target, on a machine that does other work at the same time. */
const SLACK = 2;

/** The start of the command beside the start of Node alone. */
export async function startup(place: Workplace): Promise<Findings> {
  const { check, repeat } = place.options;
  const lake = await newLake(place, "startup");
  const input = join(place.folder, "startup.jsonl");
  await generateFile(input, { records: 1_000 });
  await measure({ words: medallion("ingest", "tasks", input, "--lake", lake) });
  await measure({ words: medallion("run", "--lake", lake) });
  const other = await newLake(place, "startup-ingest");
  const event = JSON.stringify({ event_type: "heartbeat", worker_id: "w-1" });
  const contestant = (name: string, words: [string, ...string[]]) => ({ name, prepare: async () => ({ words }) });
  const summaries = await measureInTurns(
    [
      contestant(EMPTY, [process.execPath, "-e", "0"]),
      contestant(HELP, medallion("--help")),
      contestant(INGEST, medallion("ingest", "events", "--data", event, "--lake", other)),
      contestant(IDLE, medallion("run", "--lake", lake)),
    ],
    Math.max(LEAST_RUNS, 4 * repeat),
    teller(place, "startup"),
  );
  const results = [...summaries].map(
    ([tool, summary]): Result => ({ ...summary, task: "startup", tool, beside: EMPTY, records: null, note: null }),
  );
  const base = summaries.get(EMPTY)?.wallSeconds ?? Number.NaN;
  const target = (work: string, tool: string, limit: number) =>
    judge({
      work,
      target: `at most ${limit} x \`${EMPTY}\`${check ? `, judged at ${limit * SLACK} x` : ""}`,
      value: (summaries.get(tool)?.wallSeconds ?? Number.NaN) / base,
      atMost: limit * (check ? SLACK : 1),
      unit: "x",
    });
  const targets = [
    target("`run` with nothing new", IDLE, 2.5),
    target("`medallion --help`", HELP, 1.6),
    target("`ingest events --data` with fsync", INGEST, 1.8),
  ];
  return { results, targets, skipped: [] };
}
