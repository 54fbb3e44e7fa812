import { defineConfig } from "vitest/config";
import { shared } from "../../vitest.shared.ts";

/** `--mode full` tries everything. */
export default defineConfig(({ mode }) => ({
  test: { ...shared, env: { MEDALLION_FAULTS: mode }, testTimeout: mode === "full" ? 7_200_000 : 600_000 },
}));
