import { defineConfig } from "vitest/config";
import { shared } from "../../vitest.shared.ts";

export default defineConfig({ test: { ...shared, env: { MEDALLION_FAULTS: "full" }, testTimeout: 3_600_000 } });
