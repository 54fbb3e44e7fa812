import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Lake, LakeError, type LakeState, openLake, readState } from "@medallion/lake";
import type { CommonOptions } from "../common-options.ts";
import { configuredDatasets } from "../config/datasets.ts";
import { loadConfig } from "../config/load-config.ts";
import { printResult } from "../terminal.ts";
import { type Check, failed, type Level } from "./doctor/check.ts";
import { checkBronzeFiles, checkCommits, checkFiles, knownFiles } from "./doctor/commits.ts";
import { checkLayout, checkLeftovers, checkLock, checkScheduler, checkWritable } from "./doctor/folders.ts";
import { checkGold, checkParquet, checkRules } from "./doctor/freshness.ts";
import { checkClock, checkDisk, checkEngine, checkNode, checkOpenFiles } from "./doctor/machine.ts";

const FAILED = 1;

/** `medallion doctor` */
export async function doctor(options: CommonOptions): Promise<void> {
  const checks = [checkNode(process.version), await checkEngine(), checkOpenFiles()];
  checks.push(await checkDisk(nearestFolder(resolve(options.lake))));
  checks.push(...(await checksOfLake(options)));
  const worst = worstOf(checks);
  if (worst === "error") process.exitCode = FAILED;
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, level, found, remedy }) => [
    `${level.padEnd(7)}  ${name.padEnd(width)}  ${found}`,
    ...(remedy === null ? [] : [`${" ".repeat(11 + width)}→ ${remedy}`]),
  ]);
  printResult(options, { status: worst, checks }, [...lines, SUMMARY[worst]]);
}

const SUMMARY: Readonly<Record<Level, string>> = {
  ok: "All is well.",
  warning: "It works, with warnings; see above.",
  error: "Something is broken; see the errors above.",
};

async function checksOfLake(options: CommonOptions): Promise<Check[]> {
  let lake: Lake;
  try {
    lake = await openLake(options.lake);
  } catch (error) {
    return [checkClock(new Date(), null), refusal("lake", error)];
  }
  const checks = [
    await checkLayout(lake),
    await checkWritable(lake),
    await checkLock(lake),
    await checkLeftovers(lake),
  ];
  const scheduler = await checkScheduler(lake, new Date());
  if (scheduler !== null) checks.push(scheduler);
  let state: LakeState;
  try {
    state = await readState(lake);
  } catch (error) {
    return [checkClock(new Date(), null), ...checks, refusal("commit log", error)];
  }
  const datasets = await configuredDatasets(await loadConfig(options));
  const files = await knownFiles(lake, state);
  return [
    checkClock(new Date(), state.lastCommit?.at ?? null),
    ...checks,
    checkCommits(state),
    await checkFiles(lake, files),
    await checkBronzeFiles(lake, state),
    checkRules(state, datasets),
    checkParquet(state, datasets, files),
    checkGold(state),
  ];
}

/** The lake's own message says what to do as well. */
function refusal(name: string, error: unknown): Check {
  if (!(error instanceof LakeError)) throw error;
  const [, found = error.message, remedy = ""] =
    /^(.*?[.]) ((?:Run|Restore|Give|Make|Keep)\b.*)$/s.exec(error.message) ?? [];
  return failed(name, found, remedy === "" ? 'See README.md, "What is in a lake".' : remedy);
}

function nearestFolder(path: string): string {
  let folder = path;
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

function worstOf(checks: readonly Check[]): Level {
  if (checks.some(({ level }) => level === "error")) return "error";
  return checks.some(({ level }) => level === "warning") ? "warning" : "ok";
}
