import { addProfiles, NO_PROFILE, type Profile, type ProfiledField, typesOf, valuesIn } from "./field-profile.ts";
import type { JsonKind } from "./json-kind.ts";

/**
 * How the fields of a day differ from those of the days before. `share` is that of records with a value in the field.
 */
export type Drift =
  | { readonly kind: "new field"; readonly field: string; readonly types: readonly JsonKind[]; readonly share: number }
  | { readonly kind: "vanished field"; readonly field: string; readonly share: number }
  | {
      readonly kind: "changed type";
      readonly field: string;
      readonly before: readonly JsonKind[];
      readonly after: readonly JsonKind[];
    }
  | { readonly kind: "more nulls"; readonly field: string; readonly before: number; readonly after: number };

/** Where chance alone would give this with a smaller probability, a field that is in no record counts as vanished or new. */
const CHANCE = 0.001;
/** A share of nulls must grow by this much to count. */
const LEAST_GROWTH = 0.1;
/** The 99.9 % point of the standard normal distribution. */
const SIGNIFICANT = 3.09;

/**
 * Compares the fields of a day with those of the days before.
 *
 * - new field: it has a value today and had none before; for a field that the contract knows, which may just be rare, chance
 *   would have left it out before less than once in a thousand times.
 * - vanished field: it has no value today, and would have none by chance less than once in a thousand times.
 * - changed type: it has values of a type that it did not have before.
 * - more nulls: the share of records without a value grew by a tenth of all records or more, and by more than chance
 *   explains (one-sided two-proportion z-test at 0.1 %; Fleiss, Levin and Paik, Statistical Methods for Rates and
 *   Proportions, 2003).
 *
 * @param known the names of the fields that the contract reads; default: none
 * @returns in the order of the fields' names; nothing where there are no days before
 */
export function driftOf(before: readonly Profile[], today: Profile, known: readonly string[] = []): Drift[] {
  const earlier = before.reduce((sum, profile) => addProfiles(sum, profile, namesOf(before)), NO_PROFILE);
  if (earlier.records === 0 || today.records === 0) return [];
  const [old, now] = [byName(earlier), byName(today)];
  const names = namesOf([earlier, today]).sort();
  return names.flatMap((name): Drift[] => {
    const [was, is] = [old.get(name), now.get(name)];
    const [wasShare, isShare] = [shareOf(was, earlier), shareOf(is, today)];
    if (isShare === 0) {
      const vanished = wasShare > 0 && isNoChance(wasShare, today);
      return vanished ? [{ kind: "vanished field", field: name, share: wasShare } as const] : [];
    }
    if (wasShare === 0) {
      const isNew = !known.includes(name) || isNoChance(isShare, earlier);
      return isNew ? [{ kind: "new field", field: name, types: typesOf(is), share: isShare } as const] : [];
    }
    const types = typesOf(is).filter((type) => !typesOf(was).includes(type));
    return [
      ...(types.length === 0
        ? []
        : [{ kind: "changed type", field: name, before: typesOf(was), after: typesOf(is) } as const]),
      ...(hasMoreNulls(1 - wasShare, earlier.records, 1 - isShare, today.records)
        ? [{ kind: "more nulls", field: name, before: 1 - wasShare, after: 1 - isShare } as const]
        : []),
    ];
  });
}

/** Whether two findings say the same of a field, whatever the shares are. */
export function isSameDrift(a: Drift, b: Drift): boolean {
  if (a.kind !== b.kind || a.field !== b.field) return false;
  const types = (drift: Drift) =>
    drift.kind === "changed type" ? drift.after : drift.kind === "new field" ? drift.types : [];
  return types(a).every((type) => types(b).includes(type));
}

/** Whether a field that a share of all records has is hardly missing from these records by chance. */
function isNoChance(share: number, { records }: Profile): boolean {
  return (1 - share) ** records < CHANCE;
}

function hasMoreNulls(before: number, records: number, after: number, count: number): boolean {
  if (after - before < LEAST_GROWTH) return false;
  const pooled = (before * records + after * count) / (records + count);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / records + 1 / count));
  return error === 0 || (after - before) / error >= SIGNIFICANT;
}

function byName({ fields }: Profile): Map<string, ProfiledField> {
  return new Map(fields.map((field) => [field.name, field]));
}

function namesOf(profiles: readonly Profile[]): string[] {
  return [...new Set(profiles.flatMap(({ fields }) => fields.map(({ name }) => name)))];
}

function shareOf(field: ProfiledField | undefined, { records }: Profile): number {
  return field === undefined ? 0 : valuesIn(field) / records;
}

/** A finding in words. */
export function describeDrift(drift: Drift): string {
  const name = JSON.stringify(drift.field);
  const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
  switch (drift.kind) {
    case "new field":
      return `new field ${name} (${drift.types.join(" or ")}) in ${percent(drift.share)} of the records`;
    case "vanished field":
      return `the field ${name} has vanished; it was in ${percent(drift.share)} of the records`;
    case "changed type":
      return `${name} was ${drift.before.join(" or ")} and is ${drift.after.join(" or ")}`;
    case "more nulls":
      return `${name} is missing or null in ${percent(drift.after)} of the records, before in ${percent(drift.before)}`;
    default:
      return drift satisfies never;
  }
}
