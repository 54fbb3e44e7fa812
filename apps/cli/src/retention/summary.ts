import { type KeptReason, type RetentionItem, type RetentionPlan, removals } from "@medallion/lake/retention";
import { counted, table } from "../terminal.ts";

const LAYERS = ["bronze", "silver", "quarantine"] as const;

/** Why something stays that its age would let go, and what to do about it. */
const WHY = {
  unread: "no run has read all of it (next: medallion run)",
  silver: "silver that is kept was made from it",
  bronze: "the bronze of its day is kept",
  needed: "the next run needs it (next: medallion run)",
} as const satisfies Partial<Record<KeptReason, string>>;

/** Files and bytes of some items. */
export function sizeOf(items: readonly RetentionItem[]): { readonly files: number; readonly bytes: number } {
  const files = items.flatMap((item) => item.files);
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

/** What a plan removes by data set and layer, and what stays though it is old. */
export function describePlan(plan: RetentionPlan): string[] {
  const going = groups(removals(plan));
  if (going.length === 0) return keptLines(plan);
  const rows = going.map(({ dataset, layer, items }) => {
    const { files, bytes } = sizeOf(items);
    const days = [...new Set(items.map((item) => item.day))].sort();
    return [dataset, layer, days.length, files, bytes, days[0] ?? "", days.at(-1) ?? ""];
  });
  const header = ["data set", "layer", "days", "files", "bytes", "from", "to"];
  return [...table(header, rows).map((line) => `  ${line}`), ...keptLines(plan)];
}

function keptLines({ items }: RetentionPlan): string[] {
  const lines: string[] = [];
  for (const [reason, text] of Object.entries(WHY)) {
    for (const group of groups(items.filter((item) => item.kept === reason))) {
      const noun = group.layer === "silver" ? "partition" : "file";
      lines.push(`  ${group.dataset}, ${counted(group.items.length, `${group.layer} ${noun}`)}: ${text}`);
    }
  }
  return lines.length === 0 ? [] : ["Kept, though old enough to go:", ...lines];
}

interface Group {
  readonly dataset: string;
  readonly layer: RetentionItem["layer"];
  readonly items: readonly RetentionItem[];
}

function groups(items: readonly RetentionItem[]): Group[] {
  const names = [...new Set(items.map((item) => item.dataset))];
  return names
    .flatMap((dataset) =>
      LAYERS.map((layer) => ({
        dataset,
        layer,
        items: items.filter((item) => item.dataset === dataset && item.layer === layer),
      })),
    )
    .filter((group) => group.items.length > 0);
}
