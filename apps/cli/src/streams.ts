import type { Lake } from "@medallion/lake";
import { nameFile } from "@medallion/lake/layout";
import type { DatasetStream } from "@medallion/schema";
import { BUILT_IN_STREAMS } from "@medallion/schema/streams";
import { CliError } from "./cli-error.ts";
import type { Config } from "./config/config.ts";

/** The data sets of a configuration. Where it adds nothing, their rules are not loaded. */
export async function streamsOf(config: Pick<Config, "datasets" | "rules">): Promise<readonly DatasetStream[]> {
  if (config.datasets.length === 0 && Object.keys(config.rules).length === 0) return BUILT_IN_STREAMS;
  const { configuredDatasets } = await import("./config/datasets.ts");
  return await configuredDatasets(config);
}

/**
 * The data set of a name.
 * @throws CliError USAGE_INVALID when there is none
 */
export function findStream<T extends { readonly name: string }>(streams: readonly T[], name: string): T {
  const stream = streams.find((known) => known.name === name);
  if (stream !== undefined) return stream;
  const known = streams.map((item) => item.name).join(", ");
  throw new CliError("USAGE_INVALID", `Expected a data set, found "${name}". The data sets are ${known}.`);
}

/** The names that may be given at ingestion: an event's type, a metric's master, whatever a team's own data set has. */
export interface GivenNames {
  readonly type?: string;
  readonly master?: string;
  readonly part?: string;
}

/** Where records of a data set go in bronze. */
export interface IngestTarget {
  readonly stream: DatasetStream;
  readonly folder: string;
  readonly part?: string;
}

const OWN_OPTION: Readonly<Record<string, keyof GivenNames>> = { events: "type", metrics: "master" };

/**
 * Where records of a data set go in bronze, by the name that was given. Events of the type `lineage` are lineage.
 * @throws CliError USAGE_INVALID for a name that the data set does not take
 * @throws LakeError NAME_INVALID, STORAGE_FAILED
 */
export async function targetOf(
  lake: Lake,
  streams: readonly DatasetStream[],
  name: string,
  given: GivenNames,
): Promise<IngestTarget> {
  const stream = findStream(streams, name);
  const own = OWN_OPTION[name] ?? "part";
  for (const option of ["type", "master", "part"] as const) {
    if (given[option] === undefined || (option === own && stream.part.field !== null)) continue;
    const takes =
      stream.part.field === null ? "takes no name at ingestion" : `takes its ${stream.part.field} from --${own}`;
    throw new CliError(
      "USAGE_INVALID",
      `Expected no --${option} for ${name}, found "${given[option]}": ${name} ${takes}.`,
    );
  }
  const { folder, part } = { folder: stream.folders.bronze, part: stream.part.only ?? given[own] };
  if (part === undefined) return { stream, folder };
  const special = streams.find((other) => other.folders.bronze === folder && other.part.only === part);
  return { stream: special ?? stream, folder, part: await nameFile(lake, part) };
}
