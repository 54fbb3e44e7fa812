import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, isAbsolute, join } from "node:path";
import { argv, cwd, execPath } from "node:process";
import { build } from "rolldown";
import { root } from "./run.mjs";

/*
 * Makes the dist of the package in the working directory, from nothing: the types, file by file, by the compiler; the
 * program, in few files, by a bundler (docs/decisions/few-files-in-dist.md). Arguments: the package's programs, such as `main`,
 * which are entry points beside those that package.json exports.
 */

const folder = cwd();
const dist = join(folder, "dist");
/**
 * @type {{ exports: Record<string, string | { default: string }>, dependencies?: Record<string, string>,
 *   peerDependencies?: Record<string, string>, devDependencies?: Record<string, string> }}
 */
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** What a package depends on is installed beside it, and is there once. What it only builds with becomes part of it. */
const installed = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
const isInstalled = (/** @type {string} */ name) => installed.has(name) || !(name in (manifest.devDependencies ?? {}));

const programs = argv.slice(2);

/** How many lazy imports of a program must share a file for it to be loaded with what all of them need. Few: a file more costs more than its bytes. */
const COMMON_TO = 8;

/**
 * Which files are put together, beside those that are used by the same entry points: what a program needs at its start;
 * what nearly all of its lazy imports share; and, where no other package is loaded by it, what entry points share.
 * @returns {import("rolldown").CodeSplittingGroup[]}
 */
function groups() {
  if (programs.length > 0)
    return [
      { name: "start", tags: ["$initial"], minShareCount: 2 },
      { name: "common", minShareCount: COMMON_TO },
    ];
  return installed.size === 0 ? [{ name: "shared", minShareCount: 2 }] : [];
}

/** @returns {string[]} the names of the entry points, such as `index` or `spark/index` */
function entryPoints() {
  const files = Object.values(manifest.exports).map((target) => (typeof target === "string" ? target : target.default));
  return [...files.flatMap((file) => /^\.\/dist\/(.+)\.js$/.exec(file)?.[1] ?? []), ...programs];
}

/** @returns {Promise<number>} the exit code of the compiler, which says itself what is wrong */
function emitTypes() {
  const { resolve: find } = createRequire(join(folder, "package.json"));
  const compiler = join(find("typescript/package.json"), "..", "bin", "tsc");
  const words = [compiler, "-p", "tsconfig.build.json", "--emitDeclarationOnly"];
  const child = spawn(execPath, words, { cwd: folder, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** @returns {Promise<Set<string>>} the folders of the packages whose code became part of the program */
async function bundle() {
  const { output } = await build({
    input: Object.fromEntries(entryPoints().map((name) => [name, join(folder, "src", `${name}.ts`)])),
    external: (id) => !id.startsWith(".") && !isAbsolute(id) && isInstalled(id),
    platform: "node",
    tsconfig: join(root, "tsconfig.base.json"),
    logLevel: "warn",
    checks: { ineffectiveDynamicImport: false },
    output: {
      dir: dist,
      format: "esm",
      entryFileNames: "[name].js",
      // All beside each other, so that a file of the package is as far from each of them as from the top of its source.
      chunkFileNames: "[name]-[hash].js",
      codeSplitting: { groups: groups() },
    },
  });
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  return new Set(modules.flatMap((id) => /.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? []));
}

rmSync(dist, { recursive: true, force: true });
const [code, bundled] = await Promise.all([emitTypes(), bundle()]);
process.exitCode = code;
// Not named LICENSE: a packer that sees one leaves out that of the package itself.
const notices = [...bundled].map((path) => `${basename(path)}\n\n${readFileSync(join(path, "LICENSE"), "utf8")}`);
if (notices.length > 0) writeFileSync(join(dist, "third-party-notices.txt"), notices.join("\n"));
