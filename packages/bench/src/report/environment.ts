import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, cpus, release, totalmem, type } from "node:os";
import { z } from "zod";
import { findJq, versionOf } from "../peers/tools.ts";

/** Where and with what was measured. */
export interface Environment {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
}

const manifest = z.object({ version: z.string() });

/** Describes this machine by its processor, memory and system, not by its name. */
export function environment(now: Date): Environment {
  const processors = cpus();
  const model = processors[0]?.model.trim() || arch();
  const gibibytes = Math.round(totalmem() / 1024 ** 3);
  const versions: Record<string, string> = {
    Medallion: installed("@medallion/cli"),
    Node: process.versions.node,
    DuckDB: installed("@duckdb/node-api"),
    zod: installed("zod"),
  };
  const jq = findJq();
  if (jq !== null) versions.jq = jq.replace("jq-", "");
  const python = versionOf("python3", "--version");
  if (python !== null) versions.Python = python.replace("Python ", "");
  return {
    date: now.toISOString().slice(0, 19).concat("Z"),
    machine: `${processors.length} cores of ${model}, ${gibibytes} GiB, ${type()} ${release().split(".", 2).join(".")}`,
    versions,
  };
}

function installed(name: string): string {
  const resolve = createRequire(import.meta.url).resolve;
  return manifest.parse(JSON.parse(readFileSync(resolve(`${name}/package.json`), "utf8"))).version;
}
