import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { BenchError } from "../errors.ts";
import { DEFAULT_DAYS } from "../generate/generate.ts";
import { bronzeLake, lakeWithBronzeOf } from "../lakes.ts";
import { measure } from "../measure/measure.ts";
import { type Contestant, measureInTurns } from "../measure/rounds.ts";
import type { Summary } from "../measure/sample.ts";
import { SIZES } from "../options.ts";
import { DUCKDB, findPeers, JQ, type Peer } from "../peers/runners.ts";
import { amount, type Findings, judge, notMeasured, type Result, type Target } from "../report/results.ts";
import { inputFile, medallion, teller, type Workplace } from "../workplace.ts";
import { peakOfRun } from "./peak.ts";

const MEDALLION = "Medallion";
const INCREMENT = 0.01;

/** Bronze to gold beside every peer, then again after 1 % more records. */
export async function run(place: Workplace): Promise<Findings> {
  const { size, check, repeat } = place.options;
  const records = SIZES[size];
  const few = Math.min(records, SIZES["100k"]);
  const { peers, skipped } = findPeers(size, !check);
  const recordsOf = (tool: string) => (tool === JQ ? few : records);
  const lakes = new Map<number, string>();
  for (const count of new Set([few, records])) lakes.set(count, await bronzeLake(place, count));
  const lakeOf = (tool: string) => lakes.get(recordsOf(tool)) ?? "";
  const own: Contestant = {
    name: MEDALLION,
    prepare: async () => ({
      words: medallion("run", "--lake", await lakeWithBronzeOf(place, lakeOf(MEDALLION), "run")),
    }),
  };
  const contestants = [own, ...peers.map((peer) => peer.contestant(place, lakeOf(peer.name)))];
  const leaveOut = (name: string, error: BenchError) => {
    if (check || name === MEDALLION) throw error;
    skipped.push({ what: name, why: "it failed" });
    place.say(`  run: ${error.message}`);
  };
  const summaries = await measureInTurns(contestants, repeat, teller(place, "run"), leaveOut);
  const measured = peers.filter(({ name }) => summaries.has(name));
  const results = [...summaries].map(
    ([tool, summary]): Result => ({
      ...summary,
      task: "run",
      tool,
      beside: DUCKDB,
      records: recordsOf(tool),
      note: noteOf(peers, tool, recordsOf(tool) < records),
    }),
  );
  const increment = await measureIncrement(place, lakeOf(MEDALLION), records);
  const full = summaries.get(MEDALLION);
  results.push({
    ...increment,
    task: "run, 1 % more",
    tool: MEDALLION,
    beside: MEDALLION,
    records: Math.round(records * INCREMENT),
    note: full === undefined ? null : `${amount((100 * increment.wallSeconds) / full.wallSeconds)} % of the full run`,
  });
  return { results, targets: targetsOf(place, measured, summaries, increment, recordsOf), skipped };
}

function noteOf(peers: readonly Peer[], tool: string, scaled: boolean): string | null {
  const notes = [peers.find((peer) => peer.name === tool)?.note, scaled ? "ratio per record" : null];
  return notes.filter((note) => note != null).join("; ") || null;
}

/** Each time the next 1 % of the records goes to the same lake: the newest tasks, and 1 % of them late by days. */
async function measureIncrement(place: Workplace, source: string, records: number): Promise<Summary> {
  const lake = join(place.folder, "increment");
  await rename(source, lake);
  await measure({ words: medallion("run", "--lake", lake) });
  const count = Math.round(records * INCREMENT);
  let turn = 0;
  const prepare = async () => {
    turn += 1;
    const options = {
      records: count,
      seed: 1 + turn,
      firstTask: records + turn * count,
      fromDay: DEFAULT_DAYS * (1 + (turn - 1) * INCREMENT),
      days: DEFAULT_DAYS * INCREMENT,
    };
    const input = await inputFile(place, `increment-${turn}`, options);
    await measure({ words: medallion("ingest", "tasks", input, "--lake", lake) });
    return { words: medallion("run", "--lake", lake) };
  };
  const name = "1 % more";
  const summaries = await measureInTurns([{ name, prepare }], place.options.repeat, teller(place, "run"));
  const summary = summaries.get(name);
  if (summary === undefined) throw new TypeError("the increment was not measured");
  return summary;
}

function targetsOf(
  place: Workplace,
  peers: readonly Peer[],
  summaries: ReadonlyMap<string, Summary>,
  increment: Summary,
  recordsOf: (tool: string) => number,
): Target[] {
  const { size } = place.options;
  const work = `\`run\`, ${recordsOf(MEDALLION).toLocaleString("en-US")} records, bronze to gold`;
  const perRecord = (tool: string) => (summaries.get(tool)?.wallSeconds ?? Number.NaN) / recordsOf(tool);
  const ratio = (tool: string) => perRecord(tool) / perRecord(MEDALLION);
  const others = peers.filter(({ name }) => name !== DUCKDB && name !== JQ);
  const slowest = Math.min(...others.map(({ name }) => ratio(name)));
  const hasJq = peers.some(({ name }) => name === JQ);
  const fasterThanJq = "at least 10 x faster per record than bash and jq";
  return [
    judge({
      work,
      target: "at most 1.1 x the DuckDB script written by hand",
      value: 1 / ratio(DUCKDB),
      atMost: 1.1,
      unit: "x",
    }),
    hasJq
      ? judge({ work, target: fasterThanJq, value: ratio(JQ), atLeast: 10, unit: "x the speed" })
      : notMeasured(work, fasterThanJq, "bash or jq is not installed"),
    judge({
      work,
      target: `faster than every other peer (${others.map(({ name }) => name).join(", ")})`,
      value: slowest,
      atLeast: 1,
      unit: "x the speed of the fastest of them",
    }),
    judge({
      work: "`run` after 1 % more records",
      target: "at most 8 % of the full run",
      value: (100 * increment.wallSeconds) / (summaries.get(MEDALLION)?.wallSeconds ?? Number.NaN),
      atMost: 8,
      unit: "%",
    }),
    peakOfRun(size, summaries.get(MEDALLION)),
  ];
}
