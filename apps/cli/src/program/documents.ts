import type { Command } from "commander";
import type { DocumentOptions } from "../commands/documents.ts";
import { seconds, withAnyEngine, withLake } from "./options.ts";

const DATE = "YYYYMMDD, YYYY-MM-DD, today or yesterday";

/** `medallion analytics`, `medallion kpis` and `medallion report` */
export function defineDocuments(root: Command): void {
  const analytics = root.command("analytics").description("Make the numbers of a day or a week.").exitOverride();
  for (const kind of ["daily", "weekly"] as const) {
    withDocument(analytics.command(kind))
      .argument("<date>", kind === "daily" ? DATE : `any day of the ISO week: ${DATE}`)
      .description(`Make gold/analytics/${kind === "daily" ? "daily-YYYYMMDD" : "weekly-YYYY-Www"}.json from silver.`)
      .action(async (date: string, options: DocumentOptions) => {
        const { makeAnalytics } = await import("../commands/documents.ts");
        await makeAnalytics(kind, date, options);
      });
  }
  withDocument(root.command("kpis"))
    .argument("<start>", `the first day: ${DATE}`)
    .argument("<end>", "the last day, which is included")
    .description("Make the KPIs of a range of days from silver, each task counted once in its latest state.")
    .addHelpText(
      "after",
      "\nExamples:\n  $ medallion kpis 20251120 20251127\n  $ medallion kpis 2025-01-01 today --json | jq .kpis",
    )
    .action(async (start: string, end: string, options: DocumentOptions) => {
      const { makeKpis } = await import("../commands/documents.ts");
      await makeKpis(start, end, options);
    });
  withDocument(root.command("report"))
    .argument("<master>", 'the master\'s name; "unassigned" for tasks without one')
    .argument("<date>", DATE)
    .description("Make the report of a master's tasks of a day from silver.")
    .addHelpText("after", "\nExamples:\n  $ medallion report security-master yesterday")
    .action(async (master: string, date: string, options: DocumentOptions) => {
      const { makeReport } = await import("../commands/documents.ts");
      await makeReport(master, date, options);
    });
}

function withDocument(command: Command): Command {
  return withAnyEngine(withLake(command)).option(
    "--wait <seconds>",
    "wait this long for another run to end",
    seconds,
    0,
  );
}
