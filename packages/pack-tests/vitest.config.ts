import { defineConfig } from "vitest/config";
import { shared } from "../../vitest.shared.ts";

export default defineConfig({
  test: { ...shared, globalSetup: ["src/testing/global-setup.ts"], testTimeout: 240_000, hookTimeout: 240_000 },
});
