import { installSpark } from "./spark-cluster.mjs";

/* Puts Spark into .spark/, where the suites over Spark find it; ends with 1 where it cannot be got. */
try {
  installSpark();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
