import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./run.mjs";
import { startCluster } from "./spark-cluster.mjs";

/*
 * Starts a Spark cluster on this machine and runs on it every test file whose suites go over the list of engines, and
 * those of the Spark engine itself.
 */

const OVER_ENGINES = /\b(?:testEngines|MEDALLION_SPARK_CLUSTER)\b/;

/** @returns {{ folder: string, files: string[] }[]} */
function suites() {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((folder) => existsSync(join(folder, "src")))
    .map((folder) => ({
      folder,
      files: readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".test.ts"))
        .map((name) => join("src", name))
        .filter((name) => OVER_ENGINES.test(readFileSync(join(folder, name), "utf8"))),
    }))
    .filter(({ files }) => files.length > 0);
}

run("turbo run build --output-logs=errors-only");
const began = Date.now();
const cluster = await startCluster();
console.log(`Spark runs at ${cluster.url} (started in ${((Date.now() - began) / 1000).toFixed(1)} s)`);
try {
  const env = {
    ...process.env,
    MEDALLION_SPARK_URL: cluster.url,
    MEDALLION_SPARK_CLUSTER: join(root, "scripts", "spark-cluster.mjs"),
  };
  for (const { folder, files } of suites()) {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    // Not spawnSync: while this process waits, it must go on reading what Spark logs.
    const child = spawn(process.execPath, [vitest, "run", "--no-file-parallelism", ...files], {
      cwd: folder,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const [code] = await once(child, "exit");
    if (code !== 0) process.exitCode = 1;
  }
} finally {
  await cluster.stop();
}
