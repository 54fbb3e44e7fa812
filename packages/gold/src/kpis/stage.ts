import type { Engine } from "@medallion/engine";
import { kpisPath } from "@medallion/lake/layout";
import { type Day, daysBetween, type Micros } from "@medallion/lake/time";
import { rulesVersion } from "@medallion/schema/contract";
import type { Kpis } from "@medallion/schema/gold";
import { type StagedDocument, stageDocument } from "../document/check.ts";
import { rangeBefore } from "../document/parts.ts";
import { GoldError } from "../errors.ts";
import { rangeNumbers } from "../range/numbers.ts";
import type { GoldPlace } from "../range/partitions.ts";
import { kpisDocument } from "./document.ts";

/** A hundred years: the daily series has a point for every day. */
const LONGEST_RANGE = 36_525;

export interface StageKpisOptions extends GoldPlace {
  /** An engine, or what opens one: called when rows are to be read. Whoever gives it closes what it opened. */
  readonly engine: Engine | (() => Promise<Engine>);
  /** Both ends belong to the range. */
  readonly start: Day;
  readonly end: Day;
  readonly generatedAt: Micros;
}

/**
 * Stages `gold/kpis/kpis-YYYYMMDD-to-YYYYMMDD.json`. A task counts once, in its latest state of the range. A range
 * without tasks has a document of zeros and nulls.
 *
 * @throws LakeError DAY_INVALID, DAY_RANGE_INVALID
 * @throws GoldError RANGE_TOO_LONG, SILVER_MISSING, ROLLUP_INVALID, DOCUMENT_INVALID
 * @throws EngineError
 */
export async function stageKpis(options: StageKpisOptions): Promise<StagedDocument<Kpis>> {
  const { lake, dataset, start, end, generatedAt } = options;
  const days = daysBetween(start, end).length;
  if (days > LONGEST_RANGE) {
    throw new GoldError(
      "RANGE_TOO_LONG",
      `Expected a range of at most ${LONGEST_RANGE} days, found ${days}, from ${start} to ${end}. Ask for a shorter range.`,
      { start, end, days, longest: LONGEST_RANGE },
    );
  }
  const range = rangeBefore(start, end);
  const before =
    range === null ? null : { ...range, numbers: await rangeNumbers({ ...options, ...range, shares: false }) };
  const document = kpisDocument(await rangeNumbers({ ...options, shares: false }), before, {
    start,
    end,
    timeZone: lake.timeZone,
    generatedAt,
    rulesVersion: rulesVersion(dataset),
  });
  const path = kpisPath(start, end);
  await stageDocument(options, path, document);
  return { path, document };
}
