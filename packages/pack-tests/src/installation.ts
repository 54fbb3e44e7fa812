import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Tarballs } from "./pack.ts";
import { type Outcome, runProcess, succeed, toolPath } from "./process.ts";
import { objectOf } from "./workspace.ts";

/** A team's own folder outside the workspace, with packages installed from their tarballs by npm. */
export interface Installation {
  readonly folder: string;
  /** Writes a file, seen from the folder. */
  write(path: string, content: string): Promise<void>;
  /** Runs an ES module in the folder and gives what it prints. */
  node(source: string): Promise<string>;
  /** Type-checks files strictly, with the types of what is installed, and gives the compiler's complaints. */
  complaints(...files: readonly string[]): Promise<string>;
  /** Runs the installed `medallion` through npx. */
  npx(...args: readonly string[]): Promise<Outcome>;
  /** Runs the installed `medallion` without npx in between, which is faster. */
  medallion(...args: readonly string[]): Promise<Outcome>;
  /** The same, with `--json`; it must succeed. */
  json(...args: readonly string[]): Promise<Record<string, unknown>>;
  remove(): Promise<void>;
}

/** As a team would set them that checks the types of libraries as well. */
const STRICT = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2023", "--allowJs", "--checkJs"].concat([
  "--exactOptionalPropertyTypes",
  "--types",
  "node",
  "--pretty",
  "false",
]);

/**
 * A new folder with the named packages as its dependencies; what these need of the others comes from tarballs, too.
 *
 * @param more further dependencies, from the registry
 */
export async function install(
  tarballs: Tarballs,
  names: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "medallion-packed-")));
  const write = (path: string, content: string) => writeFile(join(folder, path), content);
  const files = Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`] as const);
  const [own, others] = [true, false].map((isOwn) => files.filter(([name]) => names.includes(name) === isOwn));
  await write(
    "package.json",
    JSON.stringify({
      name: "team",
      private: true,
      type: "module",
      dependencies: { ...Object.fromEntries(own ?? []), ...more },
      overrides: Object.fromEntries(others ?? []),
    }),
  );
  await succeed("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], folder);
  const bin = join(folder, "node_modules", "@medallion", "cli", "bin", "medallion.js");
  return {
    folder,
    write,
    node: (source) => succeed(process.execPath, ["--input-type=module", "--eval", source], folder),
    async complaints(...files) {
      const compiler = join(dirname(toolPath("typescript/package.json")), "bin", "tsc");
      const types = join(dirname(toolPath("@types/node/package.json")), "..");
      const { stdout } = await runProcess(
        process.execPath,
        [compiler, ...STRICT, "--typeRoots", types, ...files],
        folder,
      );
      return stdout;
    },
    npx: (...args) => runProcess("npx", ["--no-install", "medallion", ...args], folder),
    medallion: (...args) => runProcess(process.execPath, [bin, ...args], folder),
    json: async (...args) => objectOf(await succeed(process.execPath, [bin, ...args, "--json"], folder)),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
