import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root, run } from "./run.mjs";
import { startCluster } from "./spark-cluster.mjs";

/*
 * Starts a Spark cluster on this machine and runs on it every test file whose suites go over the list of engines, and
 * those of the Spark engine itself. Names of files behind the command choose among them. It ends after
 * MEDALLION_SPARK_MINUTES at the latest (default 90), and each file after a third of that.
 */

const OVER_ENGINES = /\b(?:testEngines|testEngineUrls|MEDALLION_SPARK_(?:CLUSTER|URL))\b/;
/** What stands in the names of the tests that run on Spark; the others are those of `npm test`. */
const ON_SPARK = "[Ss]park|SPARK";
const MINUTE_MS = 60_000;
/** A statement of Spark takes a second, and many on a busy machine: tests that set no limit of their own get this one. */
const TIMEOUTS = ["--testTimeout", "900000", "--hookTimeout", "300000"];
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");

/** @typedef {Awaited<ReturnType<typeof startCluster>>} Cluster */
/** @typedef {{ folder: string, file: string }} Suite */

/** @returns {Suite[]} */
function suites() {
  const wanted = process.argv.slice(2);
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((folder) => existsSync(join(folder, "src")))
    .flatMap((folder) =>
      readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".test.ts"))
        .map((name) => ({ folder, file: join("src", name) })),
    )
    .filter(({ folder, file }) => OVER_ENGINES.test(readFileSync(join(folder, file), "utf8")))
    .filter(({ folder, file }) => wanted.length === 0 || wanted.some((part) => join(folder, file).includes(part)));
}

/**
 * Runs one test file and says how it ended.
 * @param {Suite} suite
 * @param {string} url
 * @param {number} limitMs
 * @returns {Promise<"passed" | "failed" | "timed out">}
 */
async function runFile({ folder, file }, url, limitMs) {
  // Not spawnSync: while this process waits, it must go on reading what Spark logs.
  const child = spawn(process.execPath, [vitest, "run", ...TIMEOUTS, "--testNamePattern", ON_SPARK, file], {
    cwd: folder,
    env: {
      ...process.env,
      MEDALLION_SPARK_URL: url,
      MEDALLION_TEST_REPORT: `spark-${file.replaceAll(/[^a-z0-9]+/g, "-")}`,
      MEDALLION_SPARK_CLUSTER: join(root, "scripts", "spark-cluster.mjs"),
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, limitMs);
  const [code] = await once(child, "exit");
  clearTimeout(timer);
  if (isLate) return "timed out";
  return code === 0 ? "passed" : "failed";
}

/** @param {number} since */
function secondsSince(since) {
  return `${((Date.now() - since) / 1000).toFixed(0)} s`;
}

async function start() {
  const began = Date.now();
  const cluster = await startCluster();
  console.log(`Spark runs at ${cluster.url} (started in ${secondsSince(began)})`);
  return cluster;
}

run("turbo run build --output-logs=errors-only");
const began = Date.now();
const limitMs = Number(process.env.MEDALLION_SPARK_MINUTES ?? 90) * MINUTE_MS;
const files = suites();
/** @type {string[]} */
const results = [];
let failures = 0;
/** @type {Cluster | null} */
let cluster = null;
// Also when it is interrupted or fails to start.
process.once("exit", () => {
  const missing = files.length - results.length;
  console.log(`\n${results.join("\n")}`);
  console.log(
    `Spark: ${results.length - failures} files passed, ${failures} did not, ${missing} were not run, in ${secondsSince(began)}`,
  );
  if (failures + missing > 0 || files.length === 0) process.exitCode = 1;
});
try {
  for (const suite of files) {
    const name = relative(root, join(suite.folder, suite.file));
    const left = began + limitMs - Date.now();
    if (left <= 0) break;
    cluster ??= await start();
    const fileBegan = Date.now();
    const result = await runFile(suite, cluster.url, Math.min(left, limitMs / 3));
    results.push(`${result.padEnd(9)} ${secondsSince(fileBegan).padStart(6)}  ${name}`);
    if (result === "passed") continue;
    failures += 1;
    // Whatever a failed file has left running would hold up the next one.
    await cluster.stop();
    cluster = null;
  }
} finally {
  await cluster?.stop();
}
