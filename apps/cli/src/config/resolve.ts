import { resolve } from "node:path";
import type { Dataset } from "@medallion/schema";
import { type ByDataset, type Config, DEFAULTS, type Freshness, type Retention } from "./config.ts";
import { cron } from "./cron.ts";
import { readByDataset, readDatasets, readRules } from "./datasets.ts";
import type { Problems } from "./problems.ts";
import { type Check, Section } from "./section.ts";
import type { UserConfig, UserFreshness, UserRetention } from "./user-config.ts";
import { duration, engineUrl, keep, memoryLimit, severity, text, threads, timeZone } from "./values.ts";

type Known<T> = readonly (keyof T & string)[];

const KEYS: Known<UserConfig> = [
  "lake",
  "timezone",
  "datasets",
  "rules",
  "retention",
  "freshness",
  "schemas",
  "engine",
  "schedule",
];
const RETENTION_KEYS: Known<UserRetention> = ["bronze", "silver"];
const FRESHNESS_KEYS: Known<UserFreshness> = ["warn_after", "error_after"];
const SCHEMAS_KEYS: Known<NonNullable<UserConfig["schemas"]>> = ["folder", "severity"];
const ENGINE_KEYS: Known<NonNullable<UserConfig["engine"]>> = ["url", "threads", "memoryLimit"];
const SCHEDULE_KEYS: Known<NonNullable<UserConfig["schedule"]>> = ["cron"];

/** What a file says, resolved. `lake` is null when it says none. */
export type FileConfig = Omit<Config, "file" | "foundBy" | "lake" | "lakeFrom"> & { readonly lake: string | null };

/**
 * Resolves what a configuration file exports. What is wrong is added to `problems`, and has its default in the result.
 * @param folder the folder of the file, from which its paths are seen
 */
export function resolveConfig(
  value: unknown,
  folder: string,
  problems: Problems,
  builtIn: readonly Dataset[],
): FileConfig {
  const section = Section.of(value, "", problems, KEYS);
  if (section === null) return { ...DEFAULTS, lake: null };
  const path: Check<string> = (found, at, all) => {
    const checked = text(found, at, all);
    return checked === undefined ? undefined : resolve(folder, checked);
  };
  const datasets =
    section.read("datasets", (found, at, all) => readDatasets(found, at, all, builtIn)) ?? DEFAULTS.datasets;
  const all = [...builtIn, ...datasets];
  return {
    lake: section.read("lake", path) ?? null,
    timezone: section.read("timezone", timeZone) ?? DEFAULTS.timezone,
    datasets,
    rules: section.read("rules", (found, at) => readRules(found, at, problems, all)) ?? DEFAULTS.rules,
    retention: section.read("retention", (found, at) => readRetention(found, at, problems, all)) ?? DEFAULTS.retention,
    freshness: section.read("freshness", (found, at) => readFreshness(found, at, problems, all)) ?? DEFAULTS.freshness,
    schemas: section.read("schemas", (found, at) => readSchemas(found, at, problems, path)) ?? DEFAULTS.schemas,
    engine: section.read("engine", readEngine) ?? DEFAULTS.engine,
    schedule: section.read("schedule", readSchedule) ?? DEFAULTS.schedule,
  };
}

function readRetention(
  value: unknown,
  at: string,
  problems: Problems,
  datasets: readonly Dataset[],
): ByDataset<Retention> | undefined {
  const section = Section.of(value, at, problems, [...RETENTION_KEYS, "datasets"]);
  if (section === null) return undefined;
  const members = (of: Section, base: Retention): Retention => ({
    bronze: of.read("bronze", keep) ?? base.bronze,
    silver: of.read("silver", keep) ?? base.silver,
  });
  const base = members(section, DEFAULTS.retention);
  const own = (found: unknown, place: string) => {
    const inner = Section.of(found, place, problems, RETENTION_KEYS);
    return inner === null ? undefined : members(inner, base);
  };
  const byDataset = section.read("datasets", (found, place) => readByDataset(found, place, problems, datasets, own));
  return { ...base, datasets: byDataset ?? {} };
}

function readFreshness(
  value: unknown,
  at: string,
  problems: Problems,
  datasets: readonly Dataset[],
): ByDataset<Freshness> | undefined {
  const section = Section.of(value, at, problems, [...FRESHNESS_KEYS, "datasets"]);
  if (section === null) return undefined;
  const members = (of: Section, base: Freshness, place: string): Freshness => {
    const warnAfter = of.read("warn_after", duration) ?? base.warnAfter;
    const errorAfter = of.read("error_after", duration) ?? base.errorAfter;
    const inherited = warnAfter === base.warnAfter && errorAfter === base.errorAfter;
    if (!inherited && warnAfter !== null && errorAfter !== null && errorAfter < warnAfter) {
      problems.add(place, "expected error_after to be no shorter than warn_after");
    }
    return { warnAfter, errorAfter };
  };
  const base = members(section, DEFAULTS.freshness, at);
  const own = (found: unknown, place: string) => {
    const inner = Section.of(found, place, problems, FRESHNESS_KEYS);
    return inner === null ? undefined : members(inner, base, place);
  };
  const byDataset = section.read("datasets", (found, place) => readByDataset(found, place, problems, datasets, own));
  return { ...base, datasets: byDataset ?? {} };
}

function readSchemas(
  value: unknown,
  at: string,
  problems: Problems,
  path: Check<string>,
): NonNullable<Config["schemas"]> | undefined {
  const section = Section.of(value, at, problems, SCHEMAS_KEYS);
  const folder = section?.require("folder", path);
  const chosen = section?.read("severity", severity) ?? "warn";
  return folder === undefined ? undefined : { folder, severity: chosen };
}

const readEngine: Check<Config["engine"]> = (value, at, problems) => {
  const section = Section.of(value, at, problems, ENGINE_KEYS);
  if (section === null) return undefined;
  return {
    url: section.read("url", engineUrl) ?? DEFAULTS.engine.url,
    threads: section.read("threads", threads) ?? DEFAULTS.engine.threads,
    memoryLimit: section.read("memoryLimit", memoryLimit) ?? DEFAULTS.engine.memoryLimit,
  };
};

const readSchedule: Check<NonNullable<Config["schedule"]>> = (value, at, problems) => {
  const expression = Section.of(value, at, problems, SCHEDULE_KEYS)?.require("cron", cron);
  return expression === undefined ? undefined : { cron: expression };
};
