import { type Lake, type LakeState, quarantineDays, quarantineFiles } from "@medallion/lake";
import { type LakePath, resolveInLake } from "@medallion/lake/layout";
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

/**
 * The records that were set aside, of all days or of one, one after the other.
 * @throws CliError DOCUMENT_DAMAGED when a file of quarantine is gone, or was changed by hand and is not JSON Lines any more
 */
export async function* readQuarantine(
  { lake, state }: { readonly lake: Lake; readonly state: LakeState },
  dataset: string,
  only: Day | null,
): AsyncGenerator<SetAside> {
  for (const day of quarantineDays(state, dataset)) {
    if (only !== null && day !== only) continue;
    for (const file of quarantineFiles(state, dataset, day)) {
      const path = await resolveInLake(lake, file);
      if ((await lake.storage.status(path)) === null) {
        throw new CliError(
          "DOCUMENT_DAMAGED",
          `Expected ${file}, which an earlier run wrote, found no such file. Recompute it from bronze with \`medallion run --rebuild\`.`,
        );
      }
      for await (const line of linesOf(path)) yield recordOf(day, line, file);
    }
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
