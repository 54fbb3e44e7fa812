import { Command } from "commander";
import { DEFAULT_LAKE } from "./config/default-lake.ts";
import { defineConfigCommand } from "./program/config.ts";
import { defineDiff } from "./program/diff.ts";
import { defineDoctor } from "./program/doctor.ts";
import { defineDocuments } from "./program/documents.ts";
import { defineExplain } from "./program/explain.ts";
import { defineExport } from "./program/export.ts";
import { HELP_LAYOUT, pointToHelp } from "./program/help.ts";
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
    .helpOption("-h, --help", "print help; with a command, its own")
    .configureHelp(HELP_LAYOUT)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "medallion: ")) })
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  $ medallion init                                make a lake in ${DEFAULT_LAKE}
  $ medallion ingest tasks coordination/tasks     keep every task file of a folder in bronze
  $ medallion run                                 promote all that is new and make the daily numbers
  $ medallion status                              see what the lake holds and what is to be done

Exit codes: 0 success; 1 the run failed; 2 wrong usage or configuration; 70 a bug in Medallion;
75 the lake is locked by another run; 130 interrupted.`,
    );
  root.commandsGroup("The lake:");
  defineLakeCommands(root);
  defineDoctor(root);
  defineConfigCommand(root);
  root.commandsGroup("Bring data in:");
  defineIngest(root);
  defineImport(root);
  root.commandsGroup("Run the pipeline:");
  definePlan(root);
  defineRun(root);
  definePromote(root);
  defineSchedule(root);
  defineRetention(root);
  root.commandsGroup("Numbers:");
  defineDocuments(root);
  defineQuality(root);
  defineExplain(root);
  root.commandsGroup("Records:");
  defineQuery(root);
  defineExport(root);
  defineQuarantine(root);
  defineSchema(root);
  root.commandsGroup("Proof:");
  defineVerify(root);
  defineDiff(root);
  root.commandsGroup("Shells:");
  defineShell(root);
  pointToHelp(root);
  return root;
}
