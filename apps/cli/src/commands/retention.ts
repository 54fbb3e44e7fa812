import { type Commit, type Lake, type LakeState, readState } from "@medallion/lake";
import { applyRetention, planRetention, type RetentionPlan, removals, retirements } from "@medallion/lake/retention";
import { parseDay } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import type { CommonOptions } from "../common-options.ts";
import type { Config } from "../config/config.ts";
import { configuredDatasets } from "../config/datasets.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { inTransaction, type SessionOptions } from "../pipeline/session.ts";
import { withProgress } from "../progress.ts";
import { neededByRun, retentionPolicy } from "../retention/policy.ts";
import { sealTasks } from "../retention/seal.ts";
import { describePlan, sizeOf } from "../retention/summary.ts";
import { counted, printResult } from "../terminal.ts";
import { type EngineOptions, sessionOf } from "./session-options.ts";

export interface RetentionCommandOptions extends CommonOptions, EngineOptions {
  readonly apply?: true;
}

/** What retention works on. */
interface Scope {
  readonly lake: Lake;
  readonly config: Config;
  readonly datasets: readonly Dataset[];
}

/** `medallion retention` */
export async function retention(options: RetentionCommandOptions): Promise<void> {
  const { lake, config } = await openConfiguredLake(options);
  const scope = { lake, config, datasets: await configuredDatasets(config) };
  const { plan, commit } =
    options.apply === true
      ? await withProgress(options, (signal, onStep) => {
          const session = sessionOf("medallion retention --apply", config, options);
          return apply(scope, { ...session, signal, onStep });
        })
      : { plan: await planFor(scope, await readState(lake)), commit: null };
  const going = removals(plan);
  const { files, bytes } = sizeOf(going);
  const document = {
    today: plan.today,
    applied: options.apply === true,
    commit: commit?.number ?? null,
    removed: { files, bytes, partitions: retirements(plan).length },
    items: plan.items,
  };
  const amount = `${counted(files, "file")} of ${counted(bytes, "byte")}`;
  const said =
    going.length === 0
      ? "Nothing has outlived its retention."
      : commit === null
        ? `Would remove ${amount}. Nothing was changed; to remove them: medallion retention --apply`
        : `Removed ${amount} (commit ${commit.number}).`;
  printResult(options, document, [said, ...describePlan(plan)]);
}

function planFor({ lake, config, datasets }: Scope, state: LakeState): Promise<RetentionPlan> {
  const today = parseDay("today", { timeZone: lake.timeZone });
  const needed = neededByRun(state, datasets);
  return planRetention(lake, state, retentionPolicy(config, datasets), today, { needed });
}

async function apply(
  scope: Scope,
  session: SessionOptions,
): Promise<{ readonly plan: RetentionPlan; readonly commit: Commit | null }> {
  return await inTransaction(scope.lake, session, async (transaction) => {
    const plan = await planFor(scope, transaction.state);
    if (removals(plan).length === 0) return { plan, commit: null };
    await sealTasks({ ...scope, transaction, plan, session });
    session.signal.throwIfAborted();
    return { plan, commit: await applyRetention(transaction, plan, session) };
  });
}
