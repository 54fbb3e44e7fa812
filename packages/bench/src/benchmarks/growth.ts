import { bronzeLake, lakeWithBronzeOf } from "../lakes.ts";
import { measureInTurns } from "../measure/rounds.ts";
import { SIZES, type Size } from "../options.ts";
import { type Findings, judge, notMeasured } from "../report/results.ts";
import { medallion, teller, type Workplace } from "../workplace.ts";
import { peakOfRun } from "./peak.ts";

/** The size that each one is compared with; the smallest has none. */
const SMALLER: Readonly<Record<Size, Size | null>> = { "100k": null, "1m": "100k", "10m": "1m", "30m": "1m" };

/** The time for one record in a large run beside that in a smaller one, and its memory where nothing else tells it. */
export async function growth(place: Workplace): Promise<Findings> {
  const { size, repeat, only } = place.options;
  const smaller = SMALLER[size];
  const work = "growth of `run`";
  const target = "time per record at 10 m within 1.3 x of that at 1 m";
  if (smaller === null) {
    return { results: [], targets: [notMeasured(work, target, "needs --size 1m or more")], skipped: [] };
  }
  const contestants = [];
  for (const name of [smaller, size]) {
    const source = await bronzeLake(place, SIZES[name]);
    const prepare = async () => ({
      words: medallion("run", "--lake", await lakeWithBronzeOf(place, source, `growth-${name}`)),
    });
    contestants.push({ name, prepare });
  }
  const summaries = await measureInTurns(contestants, Math.min(repeat, 3), teller(place, "growth"));
  const perRecord = (name: Size) => (summaries.get(name)?.wallSeconds ?? Number.NaN) / SIZES[name];
  const value = perRecord(size) / perRecord(smaller);
  const peak = only.includes("run") ? [] : [peakOfRun(size, summaries.get(size))];
  const unit = `x (${size} beside ${smaller})`;
  return {
    results: [...summaries].map(([name, summary]) => ({
      ...summary,
      task: "growth",
      tool: `Medallion, ${name}`,
      beside: `Medallion, ${smaller}`,
      records: name === size ? SIZES[size] : SIZES[smaller],
      note: "ratio per record",
    })),
    targets: [judge({ work, target, value, atMost: 1.3, unit }), ...peak],
    skipped: [],
  };
}
