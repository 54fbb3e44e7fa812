import type { Engine } from "@medallion/engine";
import { type LakePath, nameFile, reportPath, silverPath } from "@medallion/lake/layout";
import type { Day, Micros } from "@medallion/lake/time";
import { rulesVersion } from "@medallion/schema/contract";
import { type MasterReport, reportFailure, reportTask } from "@medallion/schema/gold";
import { z } from "zod";
import { checkDocument, type StagedDocument } from "../document/check.ts";
import { trendStart } from "../document/parts.ts";
import { GoldError } from "../errors.ts";
import type { Tally } from "../numbers/tally.ts";
import { type GoldPlace, partitionsBetween } from "../range/partitions.ts";
import { readDayRollup } from "../rollup/read.ts";
import { reportDocument } from "./document.ts";
import { forgetReportRows, type ReportRows, reportRows } from "./rows.ts";

export interface StageReportOptions extends GoldPlace {
  readonly engine: Engine;
  /** The master's name as it is in silver; `"unassigned"` for tasks without one. */
  readonly master: string;
  readonly day: Day;
  readonly generatedAt: Micros;
}

/** A report without its lists, which go to the file a page at a time. */
export type ReportNumbers = Omit<MasterReport, "task_list" | "failures">;

/**
 * Stages `gold/reports/<master>-YYYYMMDD.json`, with all tasks whose latest state of the day is the master's.
 *
 * @throws GoldError SILVER_RETIRED when the rows of the day are gone, SILVER_MISSING, ROLLUP_INVALID, DOCUMENT_INVALID
 * @throws EngineError
 */
export async function stageReport(options: StageReportOptions): Promise<StagedDocument<ReportNumbers>> {
  const { lake, engine, dataset, master, day, generatedAt } = options;
  const start = trendStart(day);
  const partitions = await partitionsBetween(options, start, day);
  const withRows = partitions.filter(({ kind }) => kind === "rows");
  const daily = new Map<Day, Tally>();
  for (const { kind, day: other } of partitions) {
    if (kind === "rows") continue;
    if (other === day) throw retired(day, silverPath(dataset.folders.silver, day, "parquet"));
    const tally = (await readDayRollup(lake, other)).contribution.masters.get(master);
    if (tally !== undefined) daily.set(other, tally);
  }
  try {
    const rows = await reportRows(engine, master, day, withRows);
    for (const [other, tally] of rows.daily) daily.set(other, tally);
    const document = reportDocument(rows, {
      master,
      day,
      timeZone: lake.timeZone,
      generatedAt,
      rulesVersion: rulesVersion(dataset),
      trendStart: start,
      daily,
      inputs: partitions.map(({ file, rows: count, day: other }) => ({
        file,
        rows: count ?? daily.get(other)?.total ?? 0,
      })),
    });
    const path = reportPath(await nameFile(lake, master), day);
    await writeReport(options, path, document, rows);
    const { task_list: _, failures: __, ...numbers } = document;
    return { path, document: numbers };
  } finally {
    await forgetReportRows(engine);
  }
}

/** Writes the document, filling its two empty lists with a line for every item. */
async function writeReport(
  { lake, transaction }: GoldPlace,
  path: LakePath,
  document: MasterReport,
  rows: ReportRows,
): Promise<void> {
  const writer = await lake.storage.openForWriting(await transaction.stage(path));
  const write = (text: string) => writer.write(Buffer.from(text, "utf8"));
  const list = async (items: AsyncIterable<readonly object[]>, schema: z.ZodType) => {
    let separator = "";
    for await (const page of items) {
      checkDocument(z.array(schema), page, path);
      await write(`${separator}\n    ${page.map((item) => JSON.stringify(item)).join(",\n    ")}`);
      separator = ",";
    }
    if (separator !== "") await write("\n  ");
  };
  try {
    // A line break stands in JSON text between tokens only, so that no value can look like these lines.
    const text = `${JSON.stringify(document, null, 2)}\n`;
    const [head = "", rest = ""] = text.split(/(?<=\n {2}"task_list": \[)(?=\],\n)/);
    const [middle = "", tail = ""] = rest.split(/(?<=\n {2}"failures": \[)(?=\],\n)/);
    await write(head);
    await list(rows.tasks(), reportTask);
    await write(middle);
    await list(rows.failures(), reportFailure);
    await write(tail);
  } finally {
    await writer.close();
  }
}

function retired(day: Day, file: LakePath): GoldError {
  return new GoldError(
    "SILVER_RETIRED",
    `A report lists the rows of its day, and ${file} is retired. Ask for a later day; \`medallion kpis\` still has the numbers of this one.`,
    { day, file },
  );
}
