import type { Engine } from "@medallion/engine";
import { type ChangedNumber, stageDaily, stagedChanges, stageKpis, stageReport, stageWeekly } from "@medallion/gold";
import type { Lake, LakeState, Transaction } from "@medallion/lake";
import { type LakePath, resolveInLake } from "@medallion/lake/layout";
import { type Day, nowMicros } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { inTransaction, type SessionOptions, withEngineOnDemand } from "./session.ts";

/** A document of gold that is asked for. */
export type DocumentRequest =
  | { readonly kind: "daily"; readonly day: Day }
  | { readonly kind: "weekly"; readonly day: Day }
  | { readonly kind: "kpis"; readonly start: Day; readonly end: Day }
  | { readonly kind: "report"; readonly master: string; readonly day: Day };

/** A document that was made and committed. */
export interface MadeDocument {
  readonly path: LakePath;
  /** Its absolute path. */
  readonly file: string;
  readonly changes: readonly ChangedNumber[];
  /** The lake that it was made of. */
  readonly state: LakeState;
}

/** Makes a document of gold from the silver that is there, in a commit of its own. */
export async function makeDocument(
  lake: Lake,
  dataset: Dataset,
  request: DocumentRequest,
  options: SessionOptions,
): Promise<MadeDocument> {
  const { command, version, onStep } = options;
  return await inTransaction(lake, options, async (transaction) => {
    onStep(0.1, `gold: ${request.kind}`);
    const path = await withEngineOnDemand(lake, transaction, 0, options, (open) =>
      stage({ lake, transaction, dataset }, request, open),
    );
    const changes = await stagedChanges({ lake, transaction, paths: [path] });
    await transaction.commit({ command, version, reads: [], partitions: [], rules: {} });
    return { path, file: await resolveInLake(lake, path), changes, state: transaction.state };
  });
}

async function stage(
  options: { lake: Lake; transaction: Transaction; dataset: Dataset },
  request: DocumentRequest,
  open: () => Promise<Engine>,
): Promise<LakePath> {
  const place = { ...options, generatedAt: nowMicros() };
  if (request.kind === "kpis")
    return (await stageKpis({ ...place, engine: open, start: request.start, end: request.end })).path;
  const engine = await open();
  switch (request.kind) {
    case "daily": {
      const { day } = request;
      const { dailyInputs } = await import("./daily.ts");
      const days = await dailyInputs(place.lake, place.transaction.state, place.dataset, null, [day], day);
      const [path] = await stageDaily({ ...place, engine, days });
      if (path === undefined) throw new TypeError(`no daily document of ${day} was made`);
      return path;
    }
    case "weekly":
      return (await stageWeekly({ ...place, engine, day: request.day })).path;
    case "report":
      return (await stageReport({ ...place, engine, master: request.master, day: request.day })).path;
    default:
      return request satisfies never;
  }
}
