import { expect, it } from "vitest";
import { BENCHMARKS, parseOptions } from "./options.ts";

it("measures everything five times with a million records unless told", () => {
  expect(parseOptions([])).toEqual({
    size: "1m",
    only: [...BENCHMARKS],
    repeat: 5,
    check: false,
    readme: false,
    help: false,
  });
});

it("measures once to check", () => {
  const options = parseOptions(["--size", "100k", "--only", "run,startup", "--check"]);
  expect(options).toMatchObject({ size: "100k", only: ["run", "startup"], repeat: 1, check: true });
});

it("refuses what it does not know", () => {
  for (const words of [
    ["--size", "2m"],
    ["--only", "run,x"],
    ["--repeat", "0"],
    ["--repeat", "many"],
    ["--fast"],
    ["--check", "--readme"],
    ["x"],
  ]) {
    expect(() => parseOptions(words)).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  }
});
