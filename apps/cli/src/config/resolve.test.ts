import { BUILT_IN_DATASETS } from "@medallion/schema";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest } from "../nearest.ts";
import { DEFAULTS } from "./config.ts";
import { Problems, shown } from "./problems.ts";
import { resolveConfig } from "./resolve.ts";

const KEYS = ["lake", "timezone", "datasets", "rules", "retention", "freshness", "schemas", "engine", "schedule"];
const INNER = ["bronze", "silver", "datasets", "warn_after", "folder", "url", "threads", "cron", "tasks", "__proto__"];

function resolved(value: unknown) {
  const problems = new Problems();
  return { config: resolveConfig(value, "/folder", problems, BUILT_IN_DATASETS), problems: problems.list };
}

const leaf = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
  fc.constantFrom(Symbol("s"), () => 1, Number.NaN, -0, "never", "26h", "sc://x", Number.POSITIVE_INFINITY),
);
const inner = fc.oneof(
  leaf,
  fc.dictionary(fc.constantFrom(...INNER), fc.oneof(leaf, fc.dictionary(fc.constantFrom(...INNER), leaf))),
);
const whole = fc.oneof(leaf, fc.dictionary(fc.constantFrom(...KEYS, "__proto__", "constructor"), inner));

test("any value is resolved or refused with places; nothing crashes and no prototype changes", () => {
  fc.assert(
    fc.property(whole, (value) => {
      const { config, problems } = resolved(value);
      expect(Object.keys(config).sort()).toEqual(Object.keys({ ...DEFAULTS, lake: null }).sort());
      for (const problem of problems) expect(problem).toMatch(/\S/);
      expect(Object.getPrototypeOf(config)).toBe(Object.prototype);
      expect("polluted" in {}).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("keys that are special to objects are unknown like any other", () => {
  for (const text of ['{"__proto__":{"lake":"x"}}', '{"constructor":1}', '{"toString":1}']) {
    const { config, problems } = resolved(JSON.parse(text));
    expect(problems).toHaveLength(1);
    expect(config).toEqual({ ...DEFAULTS, lake: null });
  }
  expect(resolved(JSON.parse('{"rules":{"__proto__":{}}}')).problems).toEqual([
    expect.stringContaining("rules.__proto__: unknown data set"),
  ]);
  expect(resolved(JSON.parse('{"retention":{"datasets":{"__proto__":{"silver":1}}}}')).problems).toHaveLength(1);
});

test("what stands in a prototype is refused, not passed over", () => {
  expect(resolved({ __proto__: { lake: "x" } }).problems).toEqual(["expected an object, found an object"]);
  expect(resolved(new Map([["lake", "x"]])).problems).toHaveLength(1);
  expect(resolved({ retention: new (class Retention {})() }).problems).toHaveLength(1);
  expect(resolved({ [Symbol("lake")]: "x" }).problems).toEqual([expect.stringContaining("unknown key")]);
});

test("circular values are refused in a few words", () => {
  const circular: Record<string, unknown> = {};
  for (const key of KEYS) circular[key] = circular;
  const { problems } = resolved(circular);
  expect(problems.length).toBeGreaterThan(10);
  expect(problems.join("\n").length).toBeLessThan(10_000);
});

test("every value has a short name, and the nearest word is found", () => {
  fc.assert(fc.property(leaf, (value) => shown(value).length <= 90));
  expect(nearest("retentoin", KEYS)).toBe("retention");
  expect(nearest("x", [])).toBeNull();
});
