import { readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { createJiti, type Jiti } from "jiti";
import { ConfigError } from "./errors.ts";

/** What a configuration may import without having it installed beside it: then these are Medallion's own. */
const OWN = {
  zod: () => import("zod"),
  "@medallion/schema": () => import("@medallion/schema"),
  "@medallion/cli": () => import("../index.ts"),
} as const;

const loaded = new Map<string, Promise<unknown>>();

/**
 * What a configuration file exports. A file that has not changed runs once in a process.
 * @param shown the file as messages show it
 * @throws ConfigError CONFIG_INVALID when the file cannot be read, does not parse or throws
 */
export async function loadModule(file: string, shown: string): Promise<unknown> {
  const { mtimeMs, size } = await stat(file);
  const key = `${file} ${mtimeMs} ${size}`;
  const earlier = loaded.get(key);
  if (earlier !== undefined) return earlier;
  const loading = load(file, shown);
  loaded.set(key, loading);
  return loading;
}

async function load(file: string, shown: string): Promise<unknown> {
  try {
    if (extname(file) === ".json") return parseJson(await readFile(file, "utf8"), shown);
    const jiti = createJiti(file, {
      // A cache in the shared temporary folder would run what others put there.
      fsCache: false,
      moduleCache: false,
      interopDefault: false,
      virtualModules: await sharedModules(createJiti(file, { fsCache: false })),
    });
    const exported: unknown = await jiti.import(file);
    return defaultOf(exported, shown);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError("CONFIG_INVALID", placeOf(error, file, shown), [messageOf(error)], { cause: error });
  }
}

function parseJson(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll(/\s+/g, " ") : "";
    throw new ConfigError("CONFIG_INVALID", shown, [`expected JSON, found none: ${why}`], { cause: error });
  }
}

/** The modules of `OWN`, from the folder of the configuration where they are installed there. */
async function sharedModules(from: Jiti): Promise<Record<string, unknown>> {
  const modules: [string, unknown][] = [];
  for (const [name, own] of Object.entries(OWN)) {
    const installed = from.esmResolve(name, { try: true });
    modules.push([name, installed === undefined ? await own() : await import(asUrl(installed))]);
  }
  return Object.fromEntries(modules);
}

function asUrl(resolved: string): string {
  return resolved.startsWith("file:") ? resolved : pathToFileURL(resolved).href;
}

function defaultOf(exported: unknown, shown: string): unknown {
  if (typeof exported === "object" && exported !== null && "default" in exported) return exported.default;
  throw new ConfigError("CONFIG_INVALID", shown, [
    "expected a default export, found none; write `export default defineConfig({ … })`",
  ]);
}

/** The file with the line at which it failed, as far as that is known. */
function placeOf(error: unknown, file: string, shown: string): string {
  const trace = error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : "";
  const at = trace.indexOf(`${file}:`);
  const line = at === -1 ? undefined : /^[0-9]+/.exec(trace.slice(at + file.length + 1))?.[0];
  return line === undefined ? shown : `${shown}:${line}`;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `it throws ${typeof error === "string" ? JSON.stringify(error) : typeof error}`;
  const [first = ""] = error.message.split("\n");
  return first.trim() === "" ? error.name : first.trim();
}
