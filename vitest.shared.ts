import { fileURLToPath } from "node:url";
import type { ViteUserConfig } from "vitest/config";

/** Of several runs over one package in the same gate, each has a report of its own. */
const report = process.env.MEDALLION_TEST_REPORT ?? "vitest";

/** The test settings of every package. The JSON report is what `.ci/run` counts. */
export const shared: NonNullable<ViteUserConfig["test"]> = {
  include: ["src/**/*.test.ts"],
  passWithNoTests: true,
  pool: "forks",
  // Files share processes, for to load what they import costs more than many of their tests.
  isolate: false,
  maxWorkers: 2,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  restoreMocks: true,
  setupFiles: [fileURLToPath(new URL("vitest.setup.ts", import.meta.url))],
  reporters: ["default", ["json", { outputFile: `.reports/${report}.json` }]],
};
