import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { initLake } from "@medallion/lake";
import { afterAll, onTestFinished } from "vitest";
import { type Outcome, runInProcess } from "./in-process.ts";

const BIN = fileURLToPath(new URL("../../bin/medallion.js", import.meta.url));
/** The folder of a workplace's lake. */
const LAKE = "lake";
const SHARED = fileURLToPath(new URL("../../../../../shared/", import.meta.url));

/** A folder that deletes itself after the test, to run the command in. */
export interface Workplace {
  readonly folder: string;
  /** Runs the command in the process of the test. */
  medallion(args: readonly string[], input?: string | Buffer): Promise<Outcome>;
  /**
   * Runs the command as it was built, in a process of its own.
   * @param signal sent as soon as the run holds the lock of the lake, or when `when` says so
   */
  spawned(
    args: readonly string[],
    input?: string | Buffer,
    signal?: NodeJS.Signals | SignalAt,
    environment?: Readonly<Record<string, string>>,
  ): Promise<Outcome>;
  /** As `spawned`, with a reader that goes away before it has read anything. */
  unread(args: readonly string[]): Promise<Outcome>;
  /** As `medallion`, with `--json`; expects success and gives the document. */
  json(args: readonly string[], input?: string | Buffer): Promise<Record<string, unknown>>;
}

/** A signal, and whether it is time to send it. */
interface SignalAt {
  readonly signal: NodeJS.Signals;
  readonly when: () => boolean;
}

export async function workplace(): Promise<Workplace> {
  const folder = await temporaryFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return workplaceIn(folder);
}

/** As `workplace`, with an empty lake in UTC. */
export async function workplaceWithLake(): Promise<Workplace> {
  const place = await workplace();
  await initLake(join(place.folder, LAKE));
  return place;
}

/**
 * Gives tests workplaces that are all alike: the first one that is asked for is built, and each test has a copy of its own.
 * @param build fills a workplace that has an empty lake
 */
export function alike(build: (place: Workplace) => Promise<void>): () => Promise<Workplace> {
  let built: Promise<string> | undefined;
  const buildOnce = async () => {
    const folder = await temporaryFolder();
    await initLake(join(folder, LAKE));
    await build(workplaceIn(folder));
    return folder;
  };
  afterAll(async () => {
    if (built !== undefined) await rm(await built, { recursive: true, force: true });
  });
  return async () => {
    built ??= buildOnce();
    const place = await workplace();
    await cp(await built, place.folder, { recursive: true, preserveTimestamps: true });
    return place;
  };
}

function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "medallion-cli-"));
}

function workplaceIn(folder: string): Workplace {
  const medallion: Workplace["medallion"] = (args, input = "") =>
    runInProcess(folder, args, input, { MEDALLION_LAKE: LAKE });
  return {
    folder,
    medallion,
    spawned: (args, input = "", signal, environment) => runSpawned(folder, args, input, signal, environment),
    unread: (args) => outcomeOf(spawnMedallion(folder, args), true),
    async json(args, input) {
      const { code, stdout, stderr } = await medallion([...args, "--json"], input);
      if (code !== 0) throw new Error(`medallion ${args.join(" ")} ended with ${code}: ${stderr}`);
      return documentOf(stdout);
    },
  };
}

function runSpawned(
  folder: string,
  args: readonly string[],
  input: string | Buffer,
  signal: NodeJS.Signals | SignalAt | undefined,
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = spawnMedallion(folder, args, environment);
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const isLocked = () => existsSync(join(folder, "lake/_medallion/lock"));
  if (signal !== undefined) signalAt(child, typeof signal === "string" ? { signal, when: isLocked } : signal);
  return outcomeOf(child, false);
}

function spawnMedallion(folder: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, MEDALLION_LAKE: LAKE, ...environment };
  return spawn(process.execPath, [BIN, ...args], { cwd: folder, env });
}

function outcomeOf(child: ReturnType<typeof spawnMedallion>, unread: boolean): Promise<Outcome> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  if (unread) child.stdout.destroy();
  else child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

function signalAt(child: ChildProcess, { signal, when }: SignalAt): void {
  const watch = setInterval(() => {
    if (!when()) return;
    clearInterval(watch);
    child.kill(signal);
  }, 5);
  child.on("close", () => clearInterval(watch));
}

/** A JSON object, or an error that shows what it is instead. */
export function documentOf(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError(`no object: ${text}`);
  return Object.fromEntries(Object.entries(value));
}

/** The lines of a JSONL file as objects. */
async function linesOf(path: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, "utf8");
  return text.split("\n").filter(Boolean).map(documentOf);
}

/** All lines of the files of a folder that end in `.jsonl`, in order of the names. */
export async function linesIn(folder: string): Promise<Record<string, unknown>[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort();
  return (await Promise.all(names.map((name) => linesOf(join(folder, name))))).flat();
}

/** Where real data for local checks lies, when it is there: beside the checkout. */
export const sharedFolder = SHARED;

const sparkUrl = process.env.MEDALLION_SPARK_URL ?? "";

/**
 * What `--engine` is tried with: DuckDB, and Spark where the environment variable MEDALLION_SPARK_URL holds the connection
 * string of one that reads this host's folders.
 */
export const testEngineUrls: readonly { readonly name: string; readonly url: string }[] = [
  { name: "duckdb", url: "duckdb" },
  ...(sparkUrl === "" ? [] : [{ name: "spark", url: sparkUrl }]),
];
