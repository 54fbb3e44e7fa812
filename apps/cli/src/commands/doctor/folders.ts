import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Lake, lockHolder } from "@medallion/lake";
import { resolveInLake } from "@medallion/lake/layout";
import { replaceFile, temporaryPath } from "@medallion/lake/storage";
import { parseJsonObject } from "../../json-object.ts";
import { someOf } from "../../terminal.ts";
import { type Check, failed, ok, warning } from "./check.ts";

const FOLDERS = ["bronze", "silver", "gold", "_medallion/commits", "_medallion/names", "_medallion/tmp"];
const TEMPORARY = "_medallion/tmp";
const CLOCK_TOLERANCE_MS = 5 * 60_000;
const HEARTBEAT_TOLERANCE_MS = 5 * 60_000;

/** Whether the folders of a lake are there. */
export async function checkLayout(lake: Lake): Promise<Check> {
  const missing: string[] = [];
  for (const folder of FOLDERS) {
    const status = await lake.storage.status(await resolveInLake(lake, folder));
    if (status?.kind !== "folder" && status?.kind !== "link") missing.push(folder);
  }
  return missing.length === 0
    ? ok("layout", `lake ${lake.root}, days in ${lake.timeZone}`)
    : failed(
        "layout",
        `${someOf(missing)} is missing in ${lake.root}`,
        "Run `medallion init`, which makes what is missing.",
      );
}

/** Whether a file can be written and removed, and whether the clock of the disk agrees with that of this machine. */
export async function checkWritable(lake: Lake, now: () => number = Date.now): Promise<Check> {
  const path = temporaryPath("doctor");
  try {
    await replaceFile(lake, path, "");
    const absolute = await resolveInLake(lake, path);
    const modified = (await lake.storage.status(absolute))?.modified ?? now();
    await lake.storage.remove(absolute);
    const apart = Math.round(Math.abs(modified - now()) / 1000);
    return apart * 1000 > CLOCK_TOLERANCE_MS
      ? warning(
          "writable",
          `yes, but its clock and this machine's are ${apart} s apart`,
          "Set both clocks, best by NTP.",
        )
      : ok("writable", "yes");
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return failed("writable", found, "Give this user the right to write in the lake, or make room.");
  }
}

/** Who has the lock. */
export async function checkLock(lake: Lake): Promise<Check> {
  const holder = await lockHolder(lake);
  if (holder === null) return ok("lock", "free");
  if (holder === "unreadable") {
    const remedy = `When no medallion process writes to this lake, delete ${join(lake.root, "_medallion/lock")}.`;
    return failed("lock", "held, but its file does not say by whom", remedy);
  }
  const found = `held by process ${holder.pid} on ${holder.host} (${holder.command}, since ${holder.startedAt})`;
  switch (holder.state) {
    case "running":
      return ok("lock", found);
    case "ended":
      return warning("lock", `${found}, which has ended`, "Nothing: the next run takes the lock over.");
    case "unknown":
      return warning(
        "lock",
        found,
        `If that process does not run any more, delete ${join(lake.root, "_medallion/lock")}.`,
      );
    default:
      return holder.state satisfies never;
  }
}

/** What runs have left behind. */
export async function checkLeftovers(lake: Lake): Promise<Check> {
  const entries = await lake.storage.list(await resolveInLake(lake, TEMPORARY));
  const holder = await lockHolder(lake);
  const names = entries.map(({ name }) => name).sort();
  if (names.length === 0) return ok("leftovers", "none");
  if (holder !== null && holder !== "unreadable" && holder.state === "running") {
    return ok("leftovers", `${names.length} in ${TEMPORARY}, of the run under way`);
  }
  const found = `${names.length} in ${TEMPORARY}: ${someOf(names)}`;
  return warning("leftovers", found, "Nothing: the next run that has work removes what ended processes have left.");
}

/** Whether a scheduler that was started is alive. Null when there never was one. */
export async function checkScheduler(lake: Lake, now: Date): Promise<Check | null> {
  const text = await readFile(join(lake.root, "_medallion/heartbeat.json"), "utf8").catch(() => null);
  if (text === null) return null;
  const heartbeat = parseJsonObject(text) ?? {};
  const [state, at, result, next] = ["state", "at", "last_result", "next"].map((name) => {
    const value = heartbeat[name];
    return typeof value === "string" ? value : null;
  });
  const found = `${state ?? "unknown"}, last result ${result ?? "none"}, next ${next ?? "none"}`;
  if (state === "stopped") return ok("scheduler", found);
  const silent = now.getTime() - Date.parse(at ?? "");
  if (state !== "running" && !(silent <= HEARTBEAT_TOLERANCE_MS)) {
    const remedy = "Start `medallion schedule` again, or delete _medallion/heartbeat.json if you no longer use it.";
    return warning("scheduler", `no sign of life since ${at ?? "ever"}`, remedy);
  }
  return result === "failed"
    ? warning("scheduler", found, "See what the scheduler has logged.")
    : ok("scheduler", found);
}
