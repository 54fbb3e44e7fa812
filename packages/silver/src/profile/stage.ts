import type { Lake, Transaction } from "@medallion/lake";
import { profilePath, resolveInLake } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { addProfiles, type FieldProfile, fieldProfile, NO_PROFILE, type Profile } from "@medallion/schema/evolution";
import { SilverError } from "../errors.ts";
import type { PromotionPlan } from "../promote/plan.ts";
import { knownNames } from "./shape.ts";

/** The profile of a day before and after a promotion. */
export interface ProfileChange {
  /** Null where there was none, and in a rebuild. */
  readonly before: FieldProfile | null;
  readonly after: FieldProfile;
}

/**
 * Stages the profiles of days with new records, added to what the lake has of them. A rebuild makes them anew; those of
 * retired days stay.
 * @throws SilverError PROFILE_INVALID
 */
export async function stageProfiles(
  place: { readonly lake: Lake; readonly transaction: Transaction; readonly plan: PromotionPlan },
  added: ReadonlyMap<Day, Profile>,
): Promise<Map<Day, ProfileChange>> {
  const { lake, transaction, plan } = place;
  const { name } = plan.dataset;
  const known = knownNames(plan.dataset);
  const changes = new Map<Day, ProfileChange>();
  for (const [day, profile] of [...added].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (plan.rebuild && plan.retiredDays.includes(day)) continue;
    const before = plan.rebuild ? null : await readProfile(lake, name, day);
    const sum = addProfiles(before ?? NO_PROFILE, profile, known);
    const after: FieldProfile = { dataset: name, date: day, layer: "silver", ...sum };
    const path = profilePath(name, day);
    checkProfile(after, path);
    await lake.storage.write(await transaction.stage(path), profileText(after));
    changes.set(day, { before, after });
  }
  if (plan.rebuild) {
    for (const day of await profiledDays(lake, name)) {
      if (!changes.has(day) && !plan.retiredDays.includes(day)) transaction.remove(profilePath(name, day));
    }
  }
  return changes;
}

/** One line a field, for people. */
function profileText({ fields, ...rest }: FieldProfile): string {
  const head = Object.entries(rest).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const lines = fields.map((field) => `    ${JSON.stringify(field)}`);
  return `{\n${head.join(",\n")},\n  "fields": [${lines.length === 0 ? "" : `\n${lines.join(",\n")}\n  `}]\n}\n`;
}

/** The days of which the lake has a profile, in order. */
export async function profiledDays(lake: Lake, dataset: string): Promise<Day[]> {
  const entries = await lake.storage.list(await resolveInLake(lake, `silver/profiles/${dataset}`));
  return entries.flatMap(({ name }) => /^([0-9]{8})\.json$/.exec(name)?.slice(1, 2) ?? []).sort();
}

/**
 * The profile of a day; null where there is none.
 * @throws SilverError PROFILE_INVALID
 */
export async function readProfile(lake: Lake, dataset: string, day: Day): Promise<FieldProfile | null> {
  const path = profilePath(dataset, day);
  const text = await lake.storage.readText(await resolveInLake(lake, path));
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  return checkProfile(value, path);
}

function checkProfile(value: unknown, path: string): FieldProfile {
  const checked = fieldProfile.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const at = issue?.path.join(".") ?? "";
  throw new SilverError(
    "PROFILE_INVALID",
    `Expected ${path} to be a profile of fields, found at "${at}": ${issue?.message}. Recompute silver with \`medallion run --rebuild\`.`,
    { file: path, path: at },
  );
}
