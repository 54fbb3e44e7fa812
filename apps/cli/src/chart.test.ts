import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bar, chartStyle, sparkline } from "./chart.ts";

describe("chartStyle", () => {
  it("draws for terminals only, in ASCII where the terminal or the user asks for plainness", () => {
    expect(chartStyle({ isTTY: false, env: {} })).toBe("none");
    expect(chartStyle({ env: { LANG: "C.UTF-8" } })).toBe("none");
    expect(chartStyle({ isTTY: true, env: {} })).toBe("unicode");
    expect(chartStyle({ isTTY: true, env: { LANG: "de_DE.utf8", NO_COLOR: "" } })).toBe("unicode");
    expect(chartStyle({ isTTY: true, env: { NO_COLOR: "1" } })).toBe("ascii");
    expect(chartStyle({ isTTY: true, env: { TERM: "dumb" } })).toBe("ascii");
    expect(chartStyle({ isTTY: true, env: { LANG: "en_US.ISO-8859-1" } })).toBe("ascii");
    expect(chartStyle({ isTTY: true, env: { LC_ALL: "C", LANG: "C.UTF-8" } })).toBe("ascii");
  });
});

describe("bar", () => {
  it("is as long as the share says", () => {
    expect(bar(50, 100, 4, "unicode")).toBe("██  ");
    expect(bar(100, 100, 4, "unicode")).toBe("████");
    expect(bar(3, 8, 1, "unicode")).toBe("▍");
    expect(bar(0.0001, 100, 4, "unicode")).toBe("▏   ");
    expect(bar(0, 100, 4, "unicode")).toBe("    ");
    expect(bar(50, 100, 4, "ascii")).toBe("##..");
    expect(bar(0.0001, 100, 4, "ascii")).toBe("#...");
  });

  it("is empty where there is nothing to show", () => {
    expect(bar(null, 100, 3, "ascii")).toBe("...");
    expect(bar(5, 0, 3, "ascii")).toBe("...");
    expect(bar(Number.NaN, 5, 3, "ascii")).toBe("...");
    expect(bar(5, 10, 0, "unicode")).toBe("");
    expect(bar(5, 10, 8, "none")).toBe("");
  });

  it("has always its width", () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.integer({ min: 1, max: 40 }), (value, max, width) => {
        for (const style of ["unicode", "ascii"] as const) expect(bar(value, max, width, style)).toHaveLength(width);
      }),
    );
  });
});

describe("sparkline", () => {
  it("rises and falls with its values", () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], "unicode")).toBe("▁▂▃▄▅▆▇█");
    expect(sparkline([-10, null, 10, Number.NaN], "unicode")).toBe("▁ █ ");
    expect(sparkline([0, 1], "ascii")).toBe("_@");
    expect(sparkline([7, 7, 7], "unicode")).toBe("▄▄▄");
    expect(sparkline([], "unicode")).toBe("");
    expect(sparkline([null], "unicode")).toBe(" ");
    expect(sparkline([1, 2], "none")).toBe("");
  });

  it("has one character a value", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double())), (values) => {
        for (const style of ["unicode", "ascii"] as const)
          expect([...sparkline(values, style)]).toHaveLength(values.length);
      }),
    );
  });
});
