import type { Dataset, Severity } from "@medallion/schema";
import { nearest } from "../nearest.ts";
import type { Config } from "./config.ts";
import type { Problems } from "./problems.ts";
import { entriesOf } from "./section.ts";
import { severity } from "./values.ts";

/** Folders of silver that are no data set's own. */
const TAKEN_SILVER: readonly string[] = ["quarantine", "aggregated-metrics", "profiles"];

const DATASET_KEYS = [
  "name",
  "version",
  "folders",
  "record",
  "key",
  "time",
  "fields",
  "computed",
  "rules",
  "rulesHash",
  "sameTime",
  "withoutKey",
  "part",
  "recordRules",
];

/**
 * All data sets: the built-in ones and those of the configuration, with its severities.
 * @throws SchemaError only for a configuration that `loadConfig` did not check
 */
export async function configuredDatasets(config: Pick<Config, "datasets" | "rules">): Promise<readonly Dataset[]> {
  const { BUILT_IN_DATASETS, withSeverities } = await import("@medallion/schema");
  const severities = new Map(Object.entries(config.rules));
  return [...BUILT_IN_DATASETS, ...config.datasets].map((dataset) => {
    const changed = severities.get(dataset.name);
    return changed === undefined ? dataset : withSeverities(dataset, changed);
  });
}

/** Reads `datasets`: values of `defineDataset` whose names and folders no other has. */
export function readDatasets(
  value: unknown,
  at: string,
  problems: Problems,
  builtIn: readonly Dataset[],
): readonly Dataset[] {
  if (!Array.isArray(value)) {
    problems.expected(at, "an array of data sets", value);
    return [];
  }
  const values: readonly unknown[] = value;
  const datasets: Dataset[] = [];
  for (const [index, item] of values.entries()) {
    const place = `${at}[${index}]`;
    if (!isDataset(item)) problems.expected(place, "a data set made by defineDataset of @medallion/schema", item);
    else if (checkUnique(item, place, problems, builtIn, datasets)) datasets.push(item);
  }
  return datasets;
}

function checkUnique(
  dataset: Dataset,
  at: string,
  problems: Problems,
  builtIn: readonly Dataset[],
  earlier: readonly Dataset[],
): boolean {
  const before = problems.list.length;
  const { name, folders } = dataset;
  if (builtIn.some((other) => other.name === name)) {
    problems.add(`${at}.name`, `"${name}" is a built-in data set; give this one another name`);
  } else if (earlier.some((other) => other.name === name)) {
    problems.add(`${at}.name`, `another data set of this file has the name "${name}"`);
  }
  for (const layer of ["bronze", "silver"] as const) {
    const folder = folders[layer];
    const owner = [...builtIn, ...earlier].find((other) => other.folders[layer] === folder)?.name;
    const taken = owner ?? (layer === "silver" && TAKEN_SILVER.includes(folder) ? "Medallion" : undefined);
    if (taken !== undefined) problems.add(`${at}.folders.${layer}`, `the folder "${folder}" is that of ${taken}`);
  }
  return problems.list.length === before;
}

function isDataset(value: unknown): value is Dataset {
  if (typeof value !== "object" || value === null) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  if (!DATASET_KEYS.every((key) => members.has(key))) return false;
  const folders: unknown = members.get("folders");
  return (
    typeof members.get("name") === "string" &&
    typeof folders === "object" &&
    folders !== null &&
    ["bronze", "silver"].every(
      (layer) => typeof Object.entries(folders).find(([key]) => key === layer)?.[1] === "string",
    ) &&
    Array.isArray(members.get("rules"))
  );
}

/** Reads `rules`: by data set and rule, severities that the rule can have. */
export function readRules(
  value: unknown,
  at: string,
  problems: Problems,
  datasets: readonly Dataset[],
): Readonly<Record<string, Readonly<Record<string, Severity>>>> {
  const ofDataset = (severities: unknown, place: string, name: string) => {
    const dataset = findDataset(name, place, problems, datasets);
    if (dataset === null) return undefined;
    return Object.fromEntries(
      entriesOf(severities, place, problems, (chosen, where, id) => readSeverity(chosen, where, id, problems, dataset)),
    );
  };
  return Object.fromEntries(entriesOf(value, at, problems, ofDataset));
}

function readSeverity(
  chosen: unknown,
  at: string,
  id: string,
  problems: Problems,
  dataset: Dataset,
): Severity | undefined {
  const rule = dataset.rules.find((known) => known.id === id);
  if (rule === undefined) {
    const known = dataset.rules.map((item) => item.id);
    return problems.add(
      at,
      `${dataset.name} has no such rule; the nearest is "${nearest(id, known)}" (its rules are ${known.join(", ")})`,
    );
  }
  const checked = severity(chosen, at, problems);
  if (checked !== "warn" || rule.mayWarn) return checked;
  return problems.add(at, 'expected "quarantine" or "fail", found "warn": without it there is no record to keep');
}

/** Reads `datasets` of a setting: by data set, the setting's own members. */
export function readByDataset<T>(
  value: unknown,
  at: string,
  problems: Problems,
  datasets: readonly Dataset[],
  read: (value: unknown, at: string) => T | undefined,
): Readonly<Record<string, T>> {
  const ofDataset = (setting: unknown, place: string, name: string) =>
    findDataset(name, place, problems, datasets) === null ? undefined : read(setting, place);
  return Object.fromEntries(entriesOf(value, at, problems, ofDataset));
}

function findDataset(name: string, at: string, problems: Problems, datasets: readonly Dataset[]): Dataset | null {
  const found = datasets.find((dataset) => dataset.name === name);
  if (found !== undefined) return found;
  const known = datasets.map((dataset) => dataset.name);
  problems.add(at, `unknown data set; the nearest is "${nearest(name, known)}" (known are ${known.join(", ")})`);
  return null;
}
