import { defineConfig } from "vitest/config";
import { shared } from "../../vitest.shared.ts";

/** Windows has no SIGKILL: a process cannot die there in the middle of a change without its parent taking it for an error. */
const WINDOWS = process.platform === "win32" ? ["src/crashes/**", "src/disk/**"] : [];
/** What has no short form that is worth its time: tried in the whole suite only. */
const LONG = [
  "src/disk/full-disk.test.ts",
  "src/hostile/conformance.test.ts",
  "src/hostile/large.test.ts",
  "src/hostile/names.test.ts",
  "src/hostile/time.test.ts",
  "src/verify/retired.test.ts",
];

/** `--mode full` tries everything. */
export default defineConfig(({ mode }) => ({
  test: {
    ...shared,
    exclude: mode === "full" ? WINDOWS : [...WINDOWS, ...LONG],
    env: { MEDALLION_FAULTS: mode },
    testTimeout: mode === "full" ? 7_200_000 : 600_000,
  },
}));
