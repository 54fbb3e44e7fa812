import type { Report } from "./markdown.ts";

/** The report as JSON for machines; a list of numbers stands on one line. */
export function jsonReport(report: Report): string {
  const text = JSON.stringify(report, null, 2);
  const compact = text.replace(/\[[\s\d.,-]+\]/g, (list) =>
    list.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"),
  );
  return `${compact}\n`;
}
