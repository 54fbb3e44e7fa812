import { dirname, relative, resolve, sep } from "node:path";
import { type Config, DEFAULTS } from "./config.ts";
import { DEFAULT_LAKE } from "./default-lake.ts";
import { ConfigError } from "./errors.ts";
import { findConfig, namedConfig } from "./find.ts";
import { Problems, shown } from "./problems.ts";
import type { FileConfig } from "./resolve.ts";

/** What the command line says. */
export interface ConfigOptions {
  /** `--config` */
  readonly config?: string;
  /** `--lake` */
  readonly lake?: string;
}

/** Where to look; default: the working directory and the environment of this process. */
export interface ConfigPlace {
  readonly workingDirectory?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The configuration: of the file that `--config` or `MEDALLION_CONFIG` names, else of the one that is found in the working
 * directory or above; else the defaults.
 * @throws ConfigError CONFIG_INVALID with every problem of the file; CONFIG_NOT_FOUND for a file that was named
 */
export async function loadConfig(options: ConfigOptions = {}, place: ConfigPlace = {}): Promise<Config> {
  const workingDirectory = place.workingDirectory ?? process.cwd();
  const environment = place.environment ?? process.env;
  const { file, foundBy } = locate(options, workingDirectory, environment.MEDALLION_CONFIG);
  const said = file === null ? { ...DEFAULTS, lake: null } : await readConfig(file, shownPath(workingDirectory, file));
  return { ...said, file, foundBy, ...lakeOf(options.lake, environment.MEDALLION_LAKE, said.lake, file) };
}

function locate(
  options: ConfigOptions,
  workingDirectory: string,
  environment: string | undefined,
): Pick<Config, "file" | "foundBy"> {
  if (options.config !== undefined) {
    return { file: namedConfig(workingDirectory, options.config), foundBy: "--config" };
  }
  if (environment !== undefined && environment !== "") {
    return { file: namedConfig(workingDirectory, environment), foundBy: "MEDALLION_CONFIG" };
  }
  const file = findConfig(workingDirectory);
  return { file, foundBy: file === null ? null : "search" };
}

function lakeOf(
  option: string | undefined,
  environment: string | undefined,
  said: string | null,
  file: string | null,
): Pick<Config, "lake" | "lakeFrom"> {
  if (option !== undefined) return { lake: option, lakeFrom: "--lake" };
  if (environment !== undefined && environment !== "") return { lake: environment, lakeFrom: "MEDALLION_LAKE" };
  if (said !== null) return { lake: said, lakeFrom: "configuration" };
  const lake = file === null ? DEFAULT_LAKE : resolve(dirname(file), DEFAULT_LAKE);
  return { lake, lakeFrom: "default" };
}

async function readConfig(file: string, name: string): Promise<FileConfig> {
  const { loadModule } = await import("./load-module.ts");
  const value = await loadModule(file, name);
  const { BUILT_IN_DATASETS } = await import("@medallion/schema");
  const { resolveConfig } = await import("./resolve.ts");
  const problems = new Problems();
  try {
    const config = resolveConfig(value, dirname(file), problems, BUILT_IN_DATASETS);
    if (problems.list.length === 0) return config;
  } catch (error) {
    // A getter or a proxy of the file may throw anything.
    throw new ConfigError(
      "CONFIG_INVALID",
      name,
      [...problems.list, `its content cannot be read: ${error instanceof Error ? error.message : shown(error)}`],
      { cause: error },
    );
  }
  throw new ConfigError("CONFIG_INVALID", name, problems.list);
}

/** A path as messages show it: from the working directory where it is in there. */
export function shownPath(workingDirectory: string, path: string): string {
  const short = relative(workingDirectory, path);
  return short === "" || short.startsWith(`..${sep}`) || short === ".." ? path : short;
}
