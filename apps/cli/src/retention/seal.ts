import { sealDays } from "@medallion/gold";
import type { Lake, Transaction } from "@medallion/lake";
import { type RetentionPlan, retirements } from "@medallion/lake/retention";
import { nowMicros } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { type SessionOptions, withEngine } from "../pipeline/session.ts";

export interface SealOptions {
  readonly lake: Lake;
  readonly datasets: readonly Dataset[];
  readonly transaction: Transaction;
  readonly plan: RetentionPlan;
  readonly session: SessionOptions;
}

/** Keeps in gold what later numbers need of the tasks whose silver a plan removes. */
export async function sealTasks({ lake, datasets, transaction, plan, session }: SealOptions): Promise<void> {
  const dataset = datasets.find((known) => known.name === "tasks");
  const days = retirements(plan)
    .filter((partition) => partition.dataset === dataset?.name)
    .map((partition) => partition.day);
  if (dataset === undefined || days.length === 0) return;
  session.onStep(0.3, "gold: keep what later numbers need");
  await withEngine(lake, transaction, 0, session, async (engine) => {
    await sealDays({ lake, engine, transaction, dataset, days, generatedAt: nowMicros() });
  });
}
