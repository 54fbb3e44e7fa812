import { Command } from "commander";
import { DEFAULT_LAKE } from "./config/default-lake.ts";
import { defineConfigCommand } from "./program/config.ts";
import { defineDiff } from "./program/diff.ts";
import { defineDoctor } from "./program/doctor.ts";
import { defineDocuments } from "./program/documents.ts";
import { defineExplain } from "./program/explain.ts";
import { defineExport } from "./program/export.ts";
import { defineImport, defineIngest } from "./program/ingest.ts";
import { defineLakeCommands } from "./program/lake.ts";
import { definePlan } from "./program/plan.ts";
import { definePromote } from "./program/promote.ts";
import { defineQuality } from "./program/quality.ts";
import { defineQuarantine } from "./program/quarantine.ts";
import { defineQuery } from "./program/query.ts";
import { defineRetention } from "./program/retention.ts";
import { defineRun } from "./program/run.ts";
import { defineSchedule } from "./program/schedule.ts";
import { defineSchema } from "./program/schema.ts";
import { defineShell } from "./program/shell.ts";
import { defineVerify } from "./program/verify.ts";
import { cliVersion } from "./version.ts";

/** The `medallion` command. Each action loads what it needs when it runs, so that help costs little. */
export function program(): Command {
  const root = new Command("medallion")
    .description("Turn the coordination data of agent systems into clean records and daily numbers.")
    .version(cliVersion(), "-V, --version", "print the version")
    .helpCommand(false)
    .showHelpAfterError("(see `medallion --help`)")
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  $ medallion init                                make a lake in ${DEFAULT_LAKE}
  $ medallion ingest tasks coordination/tasks     keep every task file of a folder in bronze
  $ medallion run                                 promote all that is new and make the daily numbers
  $ medallion status                              see how the lake is

Exit codes: 0 success; 1 the run failed; 2 wrong usage or configuration; 70 a bug in Medallion;
75 the lake is locked by another run; 130 interrupted.`,
    );
  defineLakeCommands(root);
  defineIngest(root);
  defineImport(root);
  defineRun(root);
  definePromote(root);
  defineDocuments(root);
  defineQuarantine(root);
  defineQuality(root);
  defineExplain(root);
  defineConfigCommand(root);
  definePlan(root);
  defineRetention(root);
  defineQuery(root);
  defineExport(root);
  defineDoctor(root);
  defineSchedule(root);
  defineSchema(root);
  defineVerify(root);
  defineDiff(root);
  defineShell(root);
  return root;
}
