import type { Dataset } from "../contract/dataset.ts";
import { events } from "./events.ts";
import { lineage } from "./lineage.ts";
import { metrics } from "./metrics.ts";
import { tasks } from "./tasks.ts";

/** The data sets that Medallion knows without configuration, in the order in which a run promotes them. */
export const BUILT_IN_DATASETS: readonly Dataset[] = [tasks, lineage, events, metrics];
