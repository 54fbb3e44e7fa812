import { sql } from "@medallion/engine";
import { type Lake, listBronze, measureRange, quarantineDays, quarantineFiles, takesPart } from "@medallion/lake";
import { quarantinePath } from "@medallion/lake/layout";
import type { Dataset } from "@medallion/schema";
import { filesThere, inRange, type LakeView, type OpenView, type ViewFile } from "./view.ts";

/** A file of up to this size has no line that a reader's usual buffer cannot take. */
const USUAL_BYTES = 8 * 1024 * 1024;

/**
 * `bronze_<data set>`: a row a line, with the columns `record` (JSON; null where the line is none), `line`, `file` and
 * `day`, the day of ingestion.
 */
export function bronzeView(dataset: Dataset): LakeView {
  return {
    name: `bronze_${dataset.name}`,
    layer: "bronze",
    async open(source) {
      const listed = (await listBronze(source.lake, dataset.folders.bronze)).filter(
        (file) => takesPart(dataset.part, file.part) && inRange(source, file.day, file.day),
      );
      const files = await filesThere(
        source.lake,
        listed.map(({ path }) => path),
      );
      return linesView(files, await longestLine(source.lake, files));
    },
  };
}

/** `silver_quarantine_<data set>`: what was set aside, a row a record; `record` is the line as bronze kept it. */
export function quarantineView(dataset: Dataset): LakeView {
  return {
    name: `silver_quarantine_${dataset.name}`,
    layer: "silver",
    async open(source) {
      const { lake, state } = source;
      const days = quarantineDays(state, dataset.name).filter((day) => inRange(source, day, day));
      const files: ViewFile[] = [];
      for (const day of days) {
        const paths = quarantineFiles(state, dataset.name, day);
        const there = await filesThere(lake, paths);
        // Some of its parts would look like all of a day.
        if (there.length === paths.length) files.push(...there);
      }
      const { query, ...lines } = linesView(files, await longestLine(lake, files));
      return {
        ...lines,
        partitions: new Set(days.map((day) => quarantinePath(dataset.name, day))),
        query: async (engine) => sql`SELECT record->>'rule' AS "rule", record->>'reason' AS reason,
          TRY_CAST(record->>'ingested_at' AS TIMESTAMPTZ) AS ingested_at, record->>'file' AS source, record->>'raw' AS raw,
          record, file, day FROM (${await query(engine)})`,
      };
    },
  };
}

function linesView(files: readonly ViewFile[], maxLineBytes: number): OpenView {
  const sources = files.map(({ absolute, path }) => ({ path: absolute, file: path }));
  return {
    files: sources.map(({ path }) => path),
    longestLine: maxLineBytes,
    query: async (engine) =>
      sources.length === 0
        ? sql`SELECT CAST(NULL AS JSON) AS record, CAST(NULL AS VARCHAR) AS line, CAST(NULL AS VARCHAR) AS file,
            CAST(NULL AS VARCHAR) AS day WHERE false`
        : sql`SELECT TRY_CAST(line AS JSON) AS record, line, file, ${dayOfFile} AS day
            FROM ${await engine.lines(sources, maxLineBytes)}`,
  };
}

/** The number of a part has fewer digits than a day. */
const dayOfFile = sql`regexp_extract(file, '([0-9]{8})(?:-[0-9]{4,6})?[.]jsonl$', 1)`;

async function longestLine(lake: Lake, files: readonly ViewFile[]): Promise<number> {
  let longest = 0;
  for (const { path, size } of files) {
    const bytes =
      size <= USUAL_BYTES ? size : (await measureRange(lake, path, 0, size, "", { final: true })).maxLineBytes;
    longest = Math.max(longest, bytes);
  }
  return longest;
}
