import { createHash } from "node:crypto";
import type { Dataset, Rule, Severity } from "@medallion/schema";
import { type LoadedSchema, loadSchemas } from "./load.ts";

/** The schemas that a data set's records are checked against. */
export interface DatasetSchemas {
  readonly dataset: string;
  readonly schemas: readonly {
    readonly rule: string;
    readonly schema: LoadedSchema;
    readonly eventType: string | null;
  }[];
}

/** Data sets with a rule for each of their JSON Schemas, and what is needed to check them. */
export interface WithSchemas {
  readonly datasets: readonly Dataset[];
  readonly schemas: readonly DatasetSchemas[];
}

/** The names under which coordination systems keep the schemas of the built-in data sets. */
const STEMS: Readonly<Record<string, readonly string[]>> = {
  tasks: ["task", "tasks", "task-spec", "task-queue-entry"],
  lineage: ["lineage", "task-lineage"],
  metrics: ["metric", "metrics"],
};

/**
 * Adds the JSON Schemas of a folder to the rules of the data sets, each as a rule `schema.<name>`. A schema belongs to a
 * data set by its name (`tasks`, `task-spec`, `task-queue-entry`, `task-lineage`, …); any other one belongs to the events
 * of the type that it names.
 * @throws CliError USAGE_INVALID when the folder has something else than JSON Schemas of draft-07
 */
export async function withJsonSchemas(
  datasets: readonly Dataset[],
  folder: string,
  severity: Severity,
): Promise<WithSchemas> {
  const loaded = await loadSchemas(folder);
  const owned = new Set(datasets.flatMap(({ name }) => STEMS[name] ?? [name]));
  const schemas = datasets.map(({ name }): DatasetSchemas => {
    const own = loaded.filter(({ stem }) =>
      name === "events" ? !owned.has(stem) || stem === name : (STEMS[name] ?? [name]).includes(stem),
    );
    const isOfType = (stem: string) => name === "events" && stem !== name;
    return {
      dataset: name,
      schemas: own.map((schema) => ({
        schema,
        rule: `schema.${schema.stem}`,
        eventType: isOfType(schema.stem) ? schema.stem : null,
      })),
    };
  });
  return { datasets: datasets.map((dataset) => withRules(dataset, schemas, severity)), schemas };
}

function withRules(dataset: Dataset, all: readonly DatasetSchemas[], severity: Severity): Dataset {
  const schemas = all.find((item) => item.dataset === dataset.name)?.schemas ?? [];
  if (schemas.length === 0) return dataset;
  const rules = schemas.map(
    ({ rule, schema }): Rule => ({
      id: rule,
      severity,
      field: null,
      mayWarn: true,
      description: `the record must fit the JSON Schema ${schema.file}`,
    }),
  );
  const hash = createHash("sha256").update(dataset.rulesHash);
  for (const { rule, schema } of schemas) hash.update(JSON.stringify([rule, severity, schema.hash]));
  return { ...dataset, rules: [...dataset.rules, ...rules], rulesHash: hash.digest("hex") };
}
