import { defineConfig } from "vitest/config";
import { shared } from "../../vitest.shared.ts";

/**
 * `--mode full` tries everything. Windows has no SIGKILL: a process cannot die there in the middle of a change without its
 * parent taking it for an error.
 */
export default defineConfig(({ mode }) => ({
  test: {
    ...shared,
    exclude: process.platform === "win32" ? ["src/crashes/**", "src/disk/**"] : [],
    env: { MEDALLION_FAULTS: mode },
    testTimeout: mode === "full" ? 7_200_000 : 600_000,
  },
}));
