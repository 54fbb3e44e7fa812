import type { Lake } from "@medallion/lake";
import { type LakePath, quarantinePath, resolveInLake } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { CliError } from "../cli-error.ts";
import { parseJsonObject } from "../json-object.ts";
import { linesOf } from "../lines.ts";

/** A record that was set aside, as its line in quarantine says. */
export interface SetAside {
  readonly day: Day;
  readonly rule: string;
  readonly reason: string;
  readonly ingestedAt: string | null;
  readonly sourceFile: string | null;
  /** The bronze file. */
  readonly file: string;
  /** Its text, or its bytes in base64. */
  readonly raw: string;
  readonly isBase64: boolean;
  /** When it was promoted after all; null while it is still set aside. */
  readonly replayedAt: string | null;
}

/** The days of ingestion for which a data set has quarantine, in order. */
async function quarantineDays(lake: Lake, dataset: string): Promise<Day[]> {
  const entries = await lake.storage.list(await resolveInLake(lake, `silver/quarantine/${dataset}`));
  return entries.flatMap(({ name }) => /^([0-9]{8})\.jsonl$/.exec(name)?.slice(1, 2) ?? []).sort();
}

/**
 * The records that were set aside, of all days or of one, one after the other.
 * @throws CliError DOCUMENT_DAMAGED when a file of quarantine was changed by hand and is not JSON Lines any more
 */
export async function* readQuarantine(lake: Lake, dataset: string, only: Day | null): AsyncGenerator<SetAside> {
  for (const day of await quarantineDays(lake, dataset)) {
    if (only !== null && day !== only) continue;
    const path = await resolveInLake(lake, quarantinePath(dataset, day));
    for await (const line of linesOf(path)) yield recordOf(day, line, quarantinePath(dataset, day));
  }
}

function recordOf(day: Day, line: string, file: LakePath): SetAside {
  const members = parseJsonObject(line);
  if (members === null) {
    throw new CliError(
      "DOCUMENT_DAMAGED",
      `Expected a JSON object on every line of ${file}, found something else. Recompute it from bronze with \`medallion run --rebuild\`.`,
    );
  }
  const text = (name: string) => {
    const value = members[name];
    return typeof value === "string" ? value : null;
  };
  return {
    day,
    rule: text("rule") ?? "",
    reason: text("reason") ?? "",
    ingestedAt: text("ingested_at"),
    sourceFile: text("source_file"),
    file: text("file") ?? "",
    raw: text("raw") ?? text("raw_base64") ?? "",
    isBase64: !Object.hasOwn(members, "raw"),
    replayedAt: text("replayed_at"),
  };
}
