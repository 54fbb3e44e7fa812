import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./run.mjs";

const folders = ["packages", "apps"].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => join(group, name)),
);
const reports = [".", ...folders.filter((folder) => existsSync(join(root, folder, "package.json")))].map((folder) =>
  join(folder, ".reports", "vitest.json"),
);

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} FileResult
 * @param {string} path
 */
function count(path) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(join(root, path))) {
    console.error(`${path}: no test report, so the tests of this package did not run`);
    return { ...counts, failed: 1 };
  }
  /** @type {{ testResults: FileResult[] }} */
  const { testResults } = JSON.parse(readFileSync(join(root, path), "utf8"));
  for (const { status, assertionResults } of testResults) {
    for (const test of assertionResults) {
      counts[test.status === "passed" || test.status === "failed" ? test.status : "skipped"] += 1;
    }
    // A file that does not load, or whose hooks fail, can fail without any failed test.
    if (status === "failed" && !assertionResults.some((test) => test.status === "failed")) counts.failed += 1;
  }
  return counts;
}

if (process.argv[2] === "--clear") {
  for (const path of reports) rmSync(join(root, dirname(path)), { recursive: true, force: true });
} else {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of reports.map(count)) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}
