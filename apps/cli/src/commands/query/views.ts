import type { Dataset } from "@medallion/schema";
import { bronzeView, quarantineView } from "./bronze-view.ts";
import { documentViews } from "./document-views.ts";
import { silverView } from "./silver-view.ts";
import type { LakeView } from "./view.ts";

/** All views of a lake, by layer and data set. */
export function lakeViews(datasets: readonly Dataset[]): LakeView[] {
  return [
    ...datasets.map(bronzeView),
    ...datasets.map(silverView),
    ...datasets.map(quarantineView),
    ...documentViews(),
  ];
}
