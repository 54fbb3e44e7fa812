import type { Command } from "commander";
import type { DocumentOptions } from "../commands/documents.ts";
import { withLake, withWritingEngine } from "./options.ts";

const DATE = "YYYYMMDD, YYYY-MM-DD, today or yesterday";

/** `medallion analytics`, `medallion kpis` and `medallion report` */
export function defineDocuments(root: Command): void {
  const analytics = root.command("analytics").description("Make the document of a day or of a week.");
  for (const kind of ["daily", "weekly"] as const) {
    withWritingEngine(withLake(analytics.command(kind)))
      .argument("<date>", kind === "daily" ? DATE : `any day of the ISO week: ${DATE}`)
      .description(`Make gold/analytics/${kind === "daily" ? "daily-YYYYMMDD" : "weekly-YYYY-Www"}.json from silver.`)
      .addHelpText(
        "after",
        `\nExamples:\n  $ medallion analytics ${kind} yesterday\n  $ medallion analytics ${kind} 20251127 --json | jq .summary`,
      )
      .action(async (date: string, options: DocumentOptions) => {
        const { makeAnalytics } = await import("../commands/documents.ts");
        await makeAnalytics(kind, date, options);
      });
  }
  withWritingEngine(withLake(root.command("kpis")))
    .argument("<start>", `the first day: ${DATE}`)
    .argument("<end>", "the last day, included")
    .description("Make the KPIs of a range of days; each task counts once, in its latest state.")
    .addHelpText(
      "after",
      "\nExamples:\n  $ medallion kpis 20251120 20251127\n  $ medallion kpis 2025-01-01 today --json | jq .kpis",
    )
    .action(async (start: string, end: string, options: DocumentOptions) => {
      const { makeKpis } = await import("../commands/documents.ts");
      await makeKpis(start, end, options);
    });
  withWritingEngine(withLake(root.command("report")))
    .argument("<master>", 'the master\'s name; "unassigned" for tasks without one')
    .argument("<date>", DATE)
    .description("Make the report of one master's tasks on one day.")
    .addHelpText("after", "\nExamples:\n  $ medallion report security-master yesterday")
    .action(async (master: string, date: string, options: DocumentOptions) => {
      const { makeReport } = await import("../commands/documents.ts");
      await makeReport(master, date, options);
    });
}
