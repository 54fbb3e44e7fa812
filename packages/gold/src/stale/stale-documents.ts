import type { LakeState } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import { addDays, type Day, weekOf } from "@medallion/lake/time";
import { rangeBefore, trendStart } from "../document/parts.ts";
import { isSealed } from "../rollup/paths.ts";

/** A document of gold that is to be made anew. */
export type StaleDocument =
  | { readonly kind: "weekly"; readonly path: LakePath; readonly start: Day; readonly end: Day }
  | { readonly kind: "kpis"; readonly path: LakePath; readonly start: Day; readonly end: Day }
  /** `master` is encoded, as it stands in the path; `readName` gives the name. */
  | { readonly kind: "report"; readonly path: LakePath; readonly master: string; readonly day: Day };

/**
 * Lists the weekly, KPI and report documents that are out of date when tasks of some days change: a range or the one it
 * is compared with has one of the days, or a report's trend does. Reports of days whose silver is retired stay as they
 * are, for their rows are gone. Daily documents are no part of it.
 * @returns in the order of their paths
 */
export function staleDocuments(state: LakeState, days: Iterable<Day>): StaleDocument[] {
  const touched = [...new Set(days)];
  const touches = (start: Day, end: Day) => touched.some((day) => day >= start && day <= end);
  return [...state.gold.keys()].sort().flatMap((path): StaleDocument[] => {
    const document = documentOf(path);
    if (document === null) return [];
    if (document.kind === "report") {
      const stale = touches(trendStart(document.day), document.day);
      return stale && !isSealed(state, document.day) ? [document] : [];
    }
    const { start, end } = document;
    const before = rangeBefore(start, end);
    return touches(before?.start ?? start, end) ? [document] : [];
  });
}

function documentOf(path: LakePath): StaleDocument | null {
  const [, kpisStart, kpisEnd] = /^gold\/kpis\/kpis-([0-9]{8})-to-([0-9]{8})\.json$/.exec(path) ?? [];
  if (kpisStart !== undefined && kpisEnd !== undefined) return { kind: "kpis", path, start: kpisStart, end: kpisEnd };
  const [, year, week] = /^gold\/analytics\/weekly-([0-9]{4})-W([0-9]{2})\.json$/.exec(path) ?? [];
  if (year !== undefined && week !== undefined) return { kind: "weekly", path, ...rangeOfWeek(year, Number(week)) };
  const [, master, day] = /^gold\/reports\/(.+)-([0-9]{8})\.json$/.exec(path) ?? [];
  return master === undefined || day === undefined ? null : { kind: "report", path, master, day };
}

/** Week 1 of a year is the one with 4 January. */
function rangeOfWeek(year: string, week: number): { start: Day; end: Day } {
  const { start, end } = weekOf(addDays(`${year}0104`, 7 * (week - 1)));
  return { start, end };
}
