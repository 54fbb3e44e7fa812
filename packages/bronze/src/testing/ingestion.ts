import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BronzeError } from "../errors.ts";
import { type IngestOptions, ingest } from "../ingest.ts";
import type { IngestReport } from "../report.ts";
import { now, TARGET, temporaryFolder, temporaryLake } from "./lake.ts";

/** Ingests a file with this content into a new lake. */
export async function ingestFile(content: string | Uint8Array, options: IngestOptions = {}, name = "in.json") {
  const lake = await temporaryLake();
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  const report = await ingest(lake, TARGET, [{ kind: "path", path }], { now, ...options });
  return { lake, path, report };
}

/** The error of an ingestion that does not come to a good end. */
export async function failureOf(ingestion: Promise<IngestReport>): Promise<BronzeError> {
  const error: unknown = await ingestion.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof BronzeError) return error;
  throw new Error(`Expected a BronzeError, found ${String(error)}`);
}
