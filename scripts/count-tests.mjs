import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.mjs";

/*
 * Adds up the test reports of all packages and prints one line with the counts. A package without a report counts as a
 * failure. `--clear` removes the reports instead.
 */

const packages = ["packages", "apps"]
  .flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name)))
  .filter((folder) => existsSync(join(root, folder, "package.json")));
const folders = [".", ...packages].map((folder) => join(folder, ".reports"));

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} FileResult
 * @param {string} path
 * @returns {Counts}
 */
function countReport(path) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  /** @type {{ testResults: FileResult[] }} */
  const { testResults } = JSON.parse(readFileSync(path, "utf8"));
  for (const { status, assertionResults } of testResults) {
    for (const test of assertionResults) {
      counts[test.status === "passed" || test.status === "failed" ? test.status : "skipped"] += 1;
    }
    // A file that does not load, or whose hooks fail, can fail without any failed test.
    if (status === "failed" && !assertionResults.some((test) => test.status === "failed")) counts.failed += 1;
  }
  return counts;
}

/**
 * @param {string} folder
 * @returns {Counts[]}
 */
function countReports(folder) {
  const path = join(root, folder);
  const names = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".json")) : [];
  if (names.length > 0) return names.map((name) => countReport(join(path, name)));
  console.error(`${folder}: no test report, so the tests of this package did not run`);
  return [{ passed: 0, failed: 1, skipped: 0 }];
}

if (process.argv[2] === "--clear") {
  for (const folder of folders) rmSync(join(root, folder), { recursive: true, force: true });
} else {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of folders.flatMap(countReports)) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}
