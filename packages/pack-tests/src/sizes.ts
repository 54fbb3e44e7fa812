import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, execPath, stdout } from "node:process";
import { type Installation, install } from "./installation.ts";
import { bytesIn } from "./installed-size.ts";
import { packAll, type Tarballs } from "./pack.ts";
import { succeed } from "./process.ts";
import { type PublishedPackage, publishedPackages } from "./workspace.ts";

/*
 * Measures what each package costs: the size of its folder `node_modules` after `npm install`, and the time that its
 * import adds to the start of Node (of the command: the time of `medallion --version`). `--write` writes it into the READMEs.
 */

const HEADER = "| installed, with all that it needs | time to import |";
const REPEAT = 25;

/** The milliseconds that a run of Node takes, with its start: the least of several, as other work only adds to it. */
async function milliseconds(folder: string, args: readonly string[]): Promise<number> {
  const taken: number[] = [];
  for (let run = 0; run < REPEAT; run += 1) {
    const began = performance.now();
    await succeed(execPath, args, folder);
    taken.push(performance.now() - began);
  }
  return Math.min(...taken);
}

async function importTime(team: Installation, name: string): Promise<number> {
  const evaluate = (source: string) => milliseconds(team.folder, ["--input-type=module", "--eval", source]);
  const start = await evaluate("");
  const bin = join("node_modules", name, "bin", "medallion.js");
  const whole =
    name === "@medallion/cli"
      ? await milliseconds(team.folder, [bin, "--version"])
      : await evaluate(`import ${JSON.stringify(name)};`);
  return Math.max(0, whole - start);
}

async function measure(tarballs: Tarballs, { name }: PublishedPackage): Promise<string> {
  const team = await install(tarballs, [name]);
  try {
    const bytes = await bytesIn(join(team.folder, "node_modules"));
    return `| ${(bytes / 1e6).toFixed(1)} MB | ${Math.round(await importTime(team, name))} ms |`;
  } finally {
    await team.remove();
  }
}

/** @throws Error when the README has no table to write the row into */
async function writeRow({ folder }: PublishedPackage, row: string): Promise<void> {
  const path = join(folder, "README.md");
  const text = await readFile(path, "utf8");
  const [before, after] = text.split(`${HEADER}\n| --- | --- |\n`);
  if (before === undefined || after === undefined)
    throw new Error(`${path}: expected one table with the header ${HEADER}`);
  await writeFile(path, `${before}${HEADER}\n| --- | --- |\n${row}${after.slice(after.indexOf("\n"))}`);
}

const tarballFolder = await mkdtemp(join(tmpdir(), "medallion-tarballs-"));
try {
  const tarballs = await packAll(tarballFolder);
  for (const published of await publishedPackages()) {
    const row = await measure(tarballs, published);
    stdout.write(`${published.name.padEnd(20)} ${row}\n`);
    if (argv.includes("--write")) await writeRow(published, row);
  }
} finally {
  await rm(tarballFolder, { recursive: true, force: true });
}
