import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { apiReport, publishedPackages } from "./api-report.mjs";
import { root } from "./run.mjs";

/*
 * Compares the API of every package with the report that is committed beside it. `--write` writes the reports anew.
 * `--since <commit>` also asks for a changeset of each package whose report has changed since that commit, or for its entry in
 * the changelog.
 */

const words = process.argv.slice(2);
const since = words.includes("--since") ? words[words.indexOf("--since") + 1] : undefined;
if (since !== undefined && !/^[\w./^~-]+$/.test(since)) throw new Error(`expected a commit, found ${since}`);

/** @param {string} commit @returns {string[]} the files that differ from a commit */
function changedSince(commit) {
  const output = execFileSync("git", ["diff", "--name-only", "--relative", commit, "--"], {
    cwd: root,
    encoding: "utf8",
  });
  return output.split("\n").filter(Boolean);
}

/** @param {string[]} files @returns {Set<string>} the packages that the changesets among the files name */
function packagesWithChangeset(files) {
  const texts = files
    .filter((path) => /^\.changeset\/.*\.md$/.test(path) && existsSync(join(root, path)))
    .map((path) => readFileSync(join(root, path), "utf8"));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/^"(@medallion\/[a-z]+)": /gm)].map(([, name = ""]) => name)),
  );
}

const changed = since === undefined ? [] : changedSince(since);
const described = packagesWithChangeset(changed);
/** @type {string[]} */
const faults = [];
for (const { name, folder } of publishedPackages(root)) {
  const file = join(folder, "api.md");
  const path = relative(root, file).split(sep).join("/");
  const report = apiReport(folder);
  if (words.includes("--write")) writeFileSync(file, report);
  else if (!existsSync(file) || readFileSync(file, "utf8") !== report) {
    faults.push(`${path}: the API of ${name} is not what stands there; run \`npm run api\` and look at the difference`);
  }
  const changelog = path.replace("api.md", "CHANGELOG.md");
  if (changed.includes(path) && !described.has(name) && !changed.includes(changelog)) {
    faults.push(`${path}: the API of ${name} has changed since ${since} without a changeset; run \`npx changeset\``);
  }
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
