import type { Lake } from "@medallion/lake";
import type { Day } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { type Drift, driftOf, type FieldProfile, isSameDrift } from "@medallion/schema/evolution";
import { knownNames } from "./shape.ts";
import { type ProfileChange, profiledDays, readProfile } from "./stage.ts";

/** A day is compared with so many days before it that have records. */
export const DAYS_BEFORE = 7;

/** How the fields of a day differ from those of the days before it. */
export interface DayDrift {
  readonly dataset: string;
  readonly day: Day;
  readonly drift: readonly Drift[];
}

/** A day's profile and its drift. */
export interface ProfiledDay {
  readonly profile: FieldProfile;
  readonly drift: readonly Drift[];
}

/**
 * The profiles of a data set, in the order of their days, each compared with the seven before it.
 * @throws SilverError PROFILE_INVALID
 */
export async function profileHistory(lake: Lake, dataset: Dataset): Promise<ProfiledDay[]> {
  const profiles: FieldProfile[] = [];
  for (const day of await profiledDays(lake, dataset.name)) {
    const profile = await readProfile(lake, dataset.name, day);
    if (profile !== null) profiles.push(profile);
  }
  const names = knownNames(dataset);
  return profiles.map((profile, index) => ({
    profile,
    drift: driftOf(profiles.slice(Math.max(0, index - DAYS_BEFORE), index), profile, names),
  }));
}

/**
 * The drift that a promotion brought: how the days that it changed differ from the seven days before each, as far as that
 * could not be seen before it. A rebuild brings none: it reads what was read before.
 * @throws SilverError PROFILE_INVALID
 */
export async function driftOfPromotion(
  lake: Lake,
  promotion: {
    readonly dataset: Dataset;
    readonly profiles: ReadonlyMap<Day, ProfileChange>;
    readonly rebuilt: boolean;
  },
): Promise<DayDrift[]> {
  const { dataset, profiles, rebuilt } = promotion;
  if (rebuilt || profiles.size === 0) return [];
  const standing = await profiledDays(lake, dataset.name);
  const days = [...new Set([...standing, ...profiles.keys()])].sort();
  const known = new Map<Day, FieldProfile | null>([...profiles].map(([day, { after }]) => [day, after]));
  const names = knownNames(dataset);
  const found: DayDrift[] = [];
  for (const [index, day] of days.entries()) {
    const change = profiles.get(day);
    if (change === undefined) continue;
    const before: FieldProfile[] = [];
    for (const other of days.slice(Math.max(0, index - DAYS_BEFORE), index)) {
      const profile = known.get(other) ?? (await readProfile(lake, dataset.name, other));
      known.set(other, profile);
      if (profile !== null) before.push(profile);
    }
    const seen = change.before === null ? [] : driftOf(before, change.before, names);
    const drift = driftOf(before, change.after, names).filter(
      (item) => !seen.some((other) => isSameDrift(item, other)),
    );
    if (drift.length > 0) found.push({ dataset: dataset.name, day, drift });
  }
  return found;
}
