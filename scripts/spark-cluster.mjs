import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { root } from "./run.mjs";

/** The release that the tests run on. Its package on PyPI carries Spark itself, Connect included. */
const SPARK_VERSION = "4.2.1";
const home = join(root, ".spark", SPARK_VERSION);
const sparkHome = join(home, "pyspark");
const START_TIMEOUT_MS = 120_000;
const JAVA_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss4m";
/** Executors run the same code for long. */
const EXECUTOR_OPTIONS = "-XX:+UseSerialGC -Xss4m";

/**
 * What is missing on this machine to run Spark; empty when nothing is.
 * @returns {string[]}
 */
export function missingForSpark() {
  const java = spawnSync("java", ["-version"], { encoding: "utf8" });
  const version = Number(/version "(\d+)/.exec(java.stderr ?? "")?.[1] ?? 0);
  const missing = version >= 17 ? [] : [`Java 17 or later (found ${version || "none"})`];
  if (existsSync(sparkHome)) return missing;
  const python = spawnSync("python3", ["-m", "pip", "--version"], { encoding: "utf8" });
  return python.status === 0 ? missing : [...missing, "Python 3 with pip"];
}

/** Puts Spark into `.spark/`, where it stays. */
export function installSpark() {
  const missing = missingForSpark();
  if (missing.length > 0) {
    throw new Error(`Spark needs ${missing.join(" and ")}. Install that, or run \`npm test\`, which needs neither.`);
  }
  if (existsSync(sparkHome)) return;
  console.error(`Getting Spark ${SPARK_VERSION} into .spark/ (about 500 MB, once)`);
  const partial = `${home}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-cache-dir", "--disable-pip-version-check"];
  execFileSync("python3", [...pip, "--target", partial, `pyspark==${SPARK_VERSION}`], { stdio: ["ignore", 2, 2] });
  renameSync(partial, home);
}

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
/** @type {Set<string>} */
const folders = new Set();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** @typedef {{ process: import("node:child_process").ChildProcess, ready: string, log: () => string }} Daemon */

/**
 * Starts a Java process and waits for the line that says it is ready.
 * @param {string} folder
 * @param {string[]} command
 * @param {RegExp} ready what is read, its first group is returned
 * @returns {Promise<Daemon>}
 */
function startDaemon(folder, command, ready) {
  const env = {
    ...process.env,
    SPARK_HOME: sparkHome,
    SPARK_CONF_DIR: join(folder, "conf"),
    SPARK_LOCAL_IP: "127.0.0.1",
    // The Connect server counts as a daemon, and ignores --driver-memory.
    SPARK_DAEMON_MEMORY: command[0] === "spark-submit" ? "1g" : "256m",
    SPARK_DAEMON_JAVA_OPTS: JAVA_OPTIONS,
    SPARK_NO_DAEMONIZE: "1",
  };
  const [script = "", ...words] = command;
  const child = spawn(join(sparkHome, "bin", script), words, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  /** @type {string[]} */
  const lines = [];
  return new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ reason) => {
      child.kill("SIGKILL");
      reject(new Error(`${command.join(" ")} ${reason}:\n${lines.slice(-40).join("\n")}`));
    };
    const timer = setTimeout(() => fail("did not become ready"), START_TIMEOUT_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`ended with ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        if (lines.length > 2000) lines.shift();
        const found = ready.exec(line)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        child.removeAllListeners("exit");
        resolve({ process: child, ready: found, log: () => lines.join("\n") });
      });
    }
  });
}

/** @param {Daemon} daemon */
function kill(daemon) {
  const { process: child } = daemon;
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve(undefined));
    child.kill("SIGKILL");
  });
}

/**
 * Starts a standalone Spark on loopback: a master, two workers and the Connect server, each on a port of its own choosing.
 * The cluster is gone when the returned `stop` has run.
 */
export async function startCluster() {
  installSpark();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  const folder = mkdtempSync(join(tmpdir(), "medallion-spark-"));
  folders.add(folder);
  mkdirSync(join(folder, "conf"));
  writeFileSync(join(folder, "conf", "spark-defaults.conf"), "spark.ui.enabled false\n");
  const className = "org.apache.spark.deploy";
  const any = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"];
  const master = await startDaemon(
    folder,
    ["spark-class", `${className}.master.Master`, ...any],
    /Starting Spark master at (spark:\S+)/,
  );
  const startWorker = (/** @type {number} */ index) =>
    startDaemon(
      folder,
      [
        ...["spark-class", `${className}.worker.Worker`, ...any, "--cores", "1", "--memory", "2g"],
        ...["--work-dir", join(folder, `worker-${index}`), master.ready],
      ],
      /Successfully registered with master (\S+)/,
    );
  const startConnect = (/** @type {number} */ port) =>
    startDaemon(
      folder,
      ["spark-submit", "--class", "org.apache.spark.sql.connect.service.SparkConnectServer"].concat(
        ["--master", master.ready, "--driver-java-options", JAVA_OPTIONS],
        Object.entries({
          "spark.connect.grpc.binding.address": "127.0.0.1",
          "spark.connect.grpc.binding.port": `${port}`,
          "spark.driver.host": "127.0.0.1",
          "spark.driver.bindAddress": "127.0.0.1",
          "spark.executor.cores": "1",
          "spark.executor.memory": "1g",
          "spark.executor.extraJavaOptions": EXECUTOR_OPTIONS,
          "spark.sql.shuffle.partitions": "4",
          "spark.sql.catalogImplementation": "in-memory",
          "spark.sql.warehouse.dir": join(folder, "warehouse"),
        }).flatMap(([key, value]) => ["--conf", `${key}=${value}`]),
        ["spark-internal"],
      ),
      /Spark Connect server started at: \S+?:(\d+)/,
    );
  /** @type {Daemon[]} */
  let workers = [];
  /** @type {Daemon | null} */
  let connect = null;
  const stop = async () => {
    await Promise.all([master, ...workers, ...(connect === null ? [] : [connect])].map(kill));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    folders.delete(folder);
  };
  try {
    [connect, ...workers] = await Promise.all([startConnect(0), startWorker(0), startWorker(1)]);
    const port = Number(connect.ready);
    return {
      url: `sc://127.0.0.1:${port}`,
      stop,
      log: () => connect?.log() ?? "",
      killConnect: async () => (connect === null ? undefined : kill(connect)),
      startConnect: async () => {
        connect = await startConnect(port);
      },
      killWorker: async () => {
        const worker = workers.shift();
        if (worker !== undefined) await kill(worker);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * As a program: prints the connection string as the first line, then runs the commands `kill-connect`, `start-connect` and
 * `kill-worker` that it reads, answering each with `ok`, and stops the cluster when its input ends.
 */
async function serve() {
  const cluster = await startCluster();
  const commands = {
    "kill-connect": cluster.killConnect,
    "start-connect": cluster.startConnect,
    "kill-worker": cluster.killWorker,
    log: async () => console.error(cluster.log()),
  };
  console.log(cluster.url);
  try {
    for await (const line of createInterface({ input: process.stdin })) {
      const command = Object.entries(commands).find(([name]) => name === line)?.[1];
      if (command === undefined) throw new Error(`expected one of ${Object.keys(commands).join(", ")}, found ${line}`);
      await command();
      console.log("ok");
    }
  } finally {
    await cluster.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await serve();
