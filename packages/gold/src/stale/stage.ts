import type { Engine } from "@medallion/engine";
import { type LakePath, readName } from "@medallion/lake/layout";
import type { Micros } from "@medallion/lake/time";
import { stageKpis } from "../kpis/stage.ts";
import type { GoldPlace } from "../range/partitions.ts";
import { stageReport } from "../report/stage.ts";
import { stageWeekly } from "../weekly/stage.ts";
import type { StaleDocument } from "./stale-documents.ts";

export interface StageDocumentsOptions extends GoldPlace {
  readonly engine: Engine;
  /** As `staleDocuments` lists them. */
  readonly plan: readonly StaleDocument[];
  readonly generatedAt: Micros;
}

/**
 * Makes documents of gold anew.
 * @returns the documents staged
 * @throws LakeError NAME_INVALID when the name of a report's master is lost
 * @throws GoldError SILVER_MISSING, SILVER_RETIRED, ROLLUP_INVALID, DOCUMENT_INVALID
 * @throws EngineError
 */
export async function stageDocuments(options: StageDocumentsOptions): Promise<LakePath[]> {
  for (const document of options.plan) {
    switch (document.kind) {
      case "weekly":
        await stageWeekly({ ...options, day: document.start });
        break;
      case "kpis":
        await stageKpis({ ...options, start: document.start, end: document.end });
        break;
      case "report": {
        const master = await readName(options.lake, document.master);
        await stageReport({ ...options, master, day: document.day });
        break;
      }
      default:
        document satisfies never;
    }
  }
  return options.plan.map(({ path }) => path);
}
