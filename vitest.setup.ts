import { afterEach, beforeEach, expect, vi } from "vitest";

const stray: string[] = [];
const methods = ["debug", "error", "info", "log", "trace", "warn"] as const;

beforeEach(() => {
  stray.length = 0;
  for (const method of methods) {
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => {
      stray.push(`console.${method}: ${words.map(String).join(" ")}`);
    });
  }
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      stray.push(`process.${name}: ${chunk}`);
      return true;
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(stray, "a test must not write to the console: pass an output to the code, or spy on it").toEqual([]);
});
