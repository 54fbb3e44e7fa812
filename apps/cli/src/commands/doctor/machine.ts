import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDuckDb, sql } from "@medallion/engine";
import { type Check, failed, ok, warning } from "./check.ts";

const MEBIBYTE = 1024 * 1024;
const LEAST_FREE = 100 * MEBIBYTE;
const GOOD_FREE = 1024 * MEBIBYTE;
const GOOD_OPEN_FILES = 1024;
/** The oldest Node that the packages name in `engines`. */
const OLDEST_NODE = [20, 19] as const;
/** No clock that goes right shows an earlier or a later year. */
const [FIRST_YEAR, LAST_YEAR] = [2025, 2100];

/** @param version as in `process.version` */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const old = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  const machine = `Node ${version} on ${process.platform}-${process.arch}`;
  return old ? failed("node", machine, `Install Node ${OLDEST_NODE.join(".")} or later.`) : ok("node", machine);
}

/** Whether the engine starts and computes correctly. */
export async function checkEngine(): Promise<Check> {
  const name = "engine";
  const folder = await mkdtemp(join(tmpdir(), "medallion-doctor-"));
  try {
    const engine = await openDuckDb({ timeZone: "UTC", folders: [folder], temporaryFolder: folder });
    try {
      const [row] = await engine.rows(
        sql`SELECT CAST(sum(range) AS BIGINT) AS total, version() AS version FROM range(1000)`,
      );
      const found = `DuckDB ${String(row?.version)}`;
      return row?.total === 499_500
        ? ok(name, found)
        : failed(name, `${found} gives ${String(row?.total)} for 499500`, "Reinstall @duckdb/node-api.");
    } finally {
      await engine.close();
    }
  } catch (error) {
    return failed(
      name,
      error instanceof Error ? error.message : String(error),
      "Install @duckdb/node-api with its optional dependencies, for this machine.",
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The room on the disk of a folder. */
export async function checkDisk(folder: string): Promise<Check> {
  const { bavail, bsize } = await statfs(folder);
  return diskCheck(bavail * bsize);
}

/** @param free in bytes */
export function diskCheck(free: number): Check {
  const found = `${(free / 1024 / MEBIBYTE).toFixed(1)} GiB free`;
  if (free < LEAST_FREE) return failed("disk", found, "Make room on the disk that holds the lake.");
  return free < GOOD_FREE ? warning("disk", found, "Make room on the disk that holds the lake.") : ok("disk", found);
}

/** @param lastCommit when the last commit was made, RFC 3339; null when there is none */
export function checkClock(now: Date, lastCommit: string | null): Check {
  const found = now.toISOString();
  const remedy = "Set the machine's clock, best by NTP: records and days are dated by it.";
  if (now.getUTCFullYear() < FIRST_YEAR || now.getUTCFullYear() > LAST_YEAR) return failed("clock", found, remedy);
  const ahead = lastCommit === null ? 0 : Date.parse(lastCommit) - now.getTime();
  return ahead > 60_000
    ? failed("clock", `${found}, which is before the last commit (${lastCommit})`, remedy)
    : ok("clock", found);
}

/** How many files a process may have open. Only POSIX systems say. */
export function checkOpenFiles(): Check {
  const { report } = process;
  const document: unknown = report.getReport();
  return openFilesCheck(document);
}

/** @param report as `process.report.getReport()` gives it */
export function openFilesCheck(report: unknown): Check {
  const soft = memberOf(memberOf(memberOf(report, "userLimits"), "open_files"), "soft");
  const found = soft === undefined ? "no known limit" : `at most ${String(soft)} at once`;
  return typeof soft === "number" && soft < GOOD_OPEN_FILES
    ? warning("open files", found, `Raise it: ulimit -n ${GOOD_OPEN_FILES}.`)
    : ok("open files", found);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
