import { expect, it } from "vitest";
import { jsonReport } from "./json.ts";
import { markdown, type Report } from "./markdown.ts";
import { withSection } from "./readme.ts";
import { amount, judge, type Result } from "./results.ts";
import { picture } from "./svg.ts";

const result = (tool: string, wallSeconds: number, records: number): Result => ({
  task: "run",
  tool,
  beside: "DuckDB by hand",
  records,
  note: null,
  wallSeconds,
  cpuSeconds: 2 * wallSeconds,
  peakBytes: 1024 ** 3,
  runs: [wallSeconds, wallSeconds + 1],
});

const report: Report = {
  environment: { date: "2025-11-27T10:00:00Z", machine: "2 cores", versions: { Node: "20.19.0" } },
  size: "1m",
  repeat: 5,
  results: [result("Medallion", 6, 1_000_000), result("DuckDB by hand", 5, 1_000_000), result("bash & jq", 6, 100_000)],
  targets: [judge({ work: "`run`", target: "at most 1.1 x", value: 1.2, atMost: 1.1, unit: "x" })],
  skipped: [{ what: "pandas", why: "there is no Python" }],
};

it("judges a number from both sides", () => {
  const target = { work: "w", target: "t", unit: "x" };
  expect(judge({ ...target, value: 1.1, atMost: 1.1 }).verdict).toBe("met");
  expect(judge({ ...target, value: 1.11, atMost: 1.1 }).verdict).toBe("missed");
  expect(judge({ ...target, value: 9, atLeast: 10 }).verdict).toBe("missed");
  expect(judge({ ...target, value: Number.NaN, atMost: 1 }).verdict).toBe("missed");
});

it("shows three digits", () => {
  expect([0.123456, 12.345, 123456, 0].map(amount)).toEqual(["0.123", "12.3", "123,456", "0"]);
});

it("writes a table with ratios for each record", () => {
  const text = markdown(report);
  expect(text).toContain("| `run` | at most 1.1 x | 1.2 x | missed |");
  expect(text).toContain("| run | Medallion | 1,000,000 | 6 s | 1.2 x | 12 s | 1.2 x | 1,024 MiB | median of 2 |");
  expect(text).toContain("| run | bash & jq | 100,000 | 6 s | 12 x | 12 s | 12 x | 1,024 MiB | median of 2 |");
  expect(text).toContain("Left out: pandas (there is no Python).");
});

it("puts what was measured between the marks of its size in a README, in place of what stands there", () => {
  const text = "before\n<!-- bench 1m -->\nold\n<!-- /bench 1m -->\nafter\n";
  const once = withSection(text, report, "results");
  expect(once).toMatch(
    /^before\n<!-- bench 1m -->\n\n!\[.*\]\(results\/bench-1m\.svg\)\n\nMeasured on 2025-11-27 with 2 cores/,
  );
  expect(once).toContain("| `run` | at most 1.1 x | 1.2 x | missed |");
  expect(once).toContain("| run | DuckDB by hand | 1,000,000 | 5 s |  | 10 s | 1,024 MiB | median of 2 |");
  expect(once).toMatch(/<!-- \/bench 1m -->\nafter\n$/);
  expect(withSection(once, report, "results")).toBe(once);
  expect(() => withSection("# no marks", report, "results")).toThrow(
    expect.objectContaining({ code: "README_UNMARKED" }),
  );
});

it("writes JSON with lists of numbers on one line", () => {
  const text = jsonReport(report);
  expect(JSON.parse(text)).toEqual(report);
  expect(text).toContain('"runs": [6, 7]');
});

it("draws a bar for each tool, the fastest first, and escapes names", () => {
  const svg = picture(report) ?? "";
  expect(svg.match(/<rect /g)).toHaveLength(3);
  expect(svg.indexOf("DuckDB by hand")).toBeLessThan(svg.indexOf(">Medallion<"));
  expect(svg).toContain("bash &amp; jq");
  expect(svg).toContain("60 s, 1 GiB, scaled");
  expect(picture({ ...report, results: [] })).toBeNull();
});
