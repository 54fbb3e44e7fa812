import { stat } from "node:fs/promises";
import { join } from "node:path";
import { newLake } from "../lakes.ts";
import { type Contestant, measureInTurns } from "../measure/rounds.ts";
import { SIZES } from "../options.ts";
import { findJq } from "../peers/tools.ts";
import { type Findings, judge, notMeasured, type Result, type Skipped } from "../report/results.ts";
import { emptyFolder, inputFile, medallion, PACKAGE, teller, type Workplace } from "../workplace.ts";

const MEDALLION = "Medallion";
const CAT = "cat and sync";
const JQ = "jq";
const LARGEST_JQ = SIZES["100k"];

/** Keeping lines in bronze beside copying them, and beside jq adding the fields. */
export async function ingest(place: Workplace): Promise<Findings> {
  const records = SIZES[place.options.size];
  const few = Math.min(records, LARGEST_JQ);
  const input = await inputFile(place, `tasks-${records}`, { records });
  const clean = await inputFile(place, `clean-${few}`, { records: few, clean: true });
  const output = await emptyFolder(place, "ingest-copies");
  const jq = findJq();
  const contestants: Contestant[] = [
    {
      name: MEDALLION,
      prepare: async () => ({
        words: medallion("ingest", "tasks", input, "--lake", await newLake(place, "ingest")),
      }),
    },
    {
      name: CAT,
      prepare: async () => ({
        words: ["sh", "-c", 'cat "$1" > "$2" && sync "$2"', "sh", input, join(output, "cat.jsonl")],
      }),
    },
  ];
  if (jq !== null) {
    contestants.push({
      name: JQ,
      prepare: async () => ({
        words: ["bash", join(PACKAGE, "peers", "jq", "ingest.sh"), clean, join(output, "jq.jsonl")],
      }),
    });
  }
  const summaries = await measureInTurns(contestants, place.options.repeat, teller(place, "ingest"));
  const scaled = few === records ? null : `measured with ${few.toLocaleString("en-US")} records, compared per byte`;
  const results = [...summaries].map(
    ([tool, summary]): Result => ({
      ...summary,
      task: "ingest",
      tool,
      beside: CAT,
      records: tool === JQ ? few : records,
      note: tool === JQ ? scaled : null,
    }),
  );
  const bytes = new Map([
    [MEDALLION, (await stat(input)).size],
    [CAT, (await stat(input)).size],
    [JQ, (await stat(clean)).size],
  ]);
  const perByte = (tool: string) => (summaries.get(tool)?.wallSeconds ?? Number.NaN) / (bytes.get(tool) ?? Number.NaN);
  const work = `\`ingest\`, ${records.toLocaleString("en-US")} lines, on disk`;
  const faster = "at least 6 x faster per byte than `jq -c '. + {…}'`";
  const skipped: Skipped[] = jq === null ? [{ what: JQ, why: "it is not installed" }] : [];
  return {
    results,
    targets: [
      jq === null
        ? notMeasured(work, faster, "jq is not installed")
        : judge({ work, target: faster, value: perByte(JQ) / perByte(MEDALLION), atLeast: 6, unit: "x the speed" }),
      judge({
        work,
        target: "at most 3 x `cat` and sync",
        value: perByte(MEDALLION) / perByte(CAT),
        atMost: 3,
        unit: "x",
      }),
    ],
    skipped,
  };
}
