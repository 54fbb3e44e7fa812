import { openLake, pendingBronze, readState } from "@medallion/lake";
import { datasetFolder } from "../bronze-folders.ts";
import type { CommonOptions } from "../common-options.ts";
import { counted, printResult, table } from "../terminal.ts";

const DAYS_SHOWN = 14;

/** `medallion status` */
export async function status(options: CommonOptions): Promise<void> {
  const lake = await openLake(options.lake);
  const state = await readState(lake);
  const pending = await pendingBronze(lake, state, "tasks", datasetFolder("tasks"));
  const { rulesVersion, tasks } = await import("@medallion/schema");
  const made = state.rules.get("tasks");
  const stale = made !== undefined && made.hash !== tasks.rulesHash;
  const partitions = [...state.partitions.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
  const pendingBytes = pending.reduce((sum, file) => sum + file.size - file.from, 0);
  const last = state.lastCommit;
  const document = {
    lake: lake.root,
    timezone: lake.timeZone,
    commits: state.last,
    last_run: last === null ? null : { commit: last.number, at: last.at, command: last.command },
    rules: { tasks: rulesVersion(tasks), stale },
    pending: pending.map((file) => ({ file: file.path, bytes: file.size - file.from })),
    partitions: partitions.map(({ dataset, day, read, rows, duplicate, quarantined, superseded }) => ({
      dataset,
      day,
      read,
      rows,
      duplicate,
      quarantined,
      superseded,
    })),
  };
  const shown = partitions.slice(-DAYS_SHOWN);
  const rows = shown.map(({ day, read, rows, duplicate, superseded, quarantined }) => [
    day,
    read,
    rows,
    duplicate + superseded,
    quarantined,
  ]);
  printResult(options, document, [
    `Lake ${options.lake}, days in ${lake.timeZone}.`,
    last === null ? "No run yet." : `Last run: commit ${last.number} at ${last.at}.`,
    pending.length === 0
      ? "Bronze: nothing new."
      : `Bronze: ${pendingBytes.toLocaleString("en-US")} new bytes in ${counted(pending.length, "file")}. Next: medallion run`,
    ...(stale ? ["Rules of tasks have changed: the next run makes silver anew."] : []),
    ...(rows.length === 0 ? [] : ["", ...table(["day", "read", "rows", "duplicates", "quarantined"], rows)]),
    ...(partitions.length > DAYS_SHOWN
      ? [`(the last ${DAYS_SHOWN} of ${partitions.length} days; --json has all)`]
      : []),
  ]);
}
