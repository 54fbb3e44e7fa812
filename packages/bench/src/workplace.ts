import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type GenerateOptions, generateFile } from "./generate/generate.ts";
import type { Sample } from "./measure/sample.ts";
import type { BenchOptions } from "./options.ts";

/** The folder of this package. */
export const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

/** Where Medallion's command is. */
const COMMAND = join(dirname(createRequire(import.meta.url).resolve("@medallion/cli/package.json")), "dist", "main.js");

/** What every benchmark is given. */
export interface Workplace {
  readonly options: BenchOptions;
  /** An absolute path of a folder that is emptied before and after. */
  readonly folder: string;
  /** Tells whoever waits what goes on. */
  readonly say: (text: string) => void;
}

/** The words that run `medallion` as a process. */
export function medallion(...words: readonly string[]): [string, ...string[]] {
  return [process.execPath, COMMAND, ...words];
}

/** The words that run a program of this package as a process. */
export function program(name: string, ...words: readonly string[]): [string, ...string[]] {
  return [process.execPath, join(PACKAGE, "dist", ...name.split("/")), ...words];
}

/** An empty folder in the workplace. */
export async function emptyFolder(place: Workplace, name: string): Promise<string> {
  const folder = join(place.folder, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** A file of generated records, made when it is not there yet. */
export async function inputFile(place: Workplace, name: string, options: GenerateOptions): Promise<string> {
  const path = join(place.folder, `${name}.jsonl`);
  if (existsSync(path)) return path;
  place.say(`  making ${options.records.toLocaleString("en-US")} records (${name})`);
  await generateFile(path, options);
  return path;
}

/** A function that tells of each measurement of a task. */
export function teller(place: Workplace, task: string): (tool: string, sample: Sample) => void {
  return (tool, sample) => place.say(`  ${task}: ${tool} ${sample.wallSeconds.toFixed(2)} s`);
}
