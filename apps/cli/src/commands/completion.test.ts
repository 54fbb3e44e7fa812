import { spawnSync } from "node:child_process";
import { Argument, Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import { workplace } from "../testing/medallion.ts";
import { bashCompletion } from "./completion/bash.ts";
import { fishCompletion } from "./completion/fish.ts";
import { completedCommands } from "./completion/model.ts";
import { zshCompletion } from "./completion/zsh.ts";

function commands() {
  const root = new Command("medallion");
  root
    .command("ingest")
    .description("Keep it's records")
    .argument("<data set>")
    .argument("[path...]")
    .option("-t, --type <name>", "the type")
    .option("--new", "what is new");
  const schema = root.command("schema").description("Schemas");
  schema.command("export").addArgument(new Argument("<kind>").choices(["gold", "silver"]));
  root
    .command("query")
    .argument("[sql]")
    .addOption(new Option("--format <format>", "the form").choices(["json", "csv"]));
  root.command("run").argument("[date]");
  return completedCommands(root, { datasets: ["tasks", "events"], tables: ["gold_daily"] });
}

/** What bash offers for the last of the words. */
function offered(script: string, ...words: string[]): string[] {
  const text = `${script}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_medallion
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["--norc", "-euc", text, "bash", "medallion", ...words], {
    encoding: "utf8",
  });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.split("\n").filter(Boolean);
}

describe.skipIf(process.platform === "win32")("the completion of bash", { timeout: 120_000 }, () => {
  it("offers commands, options, choices and data sets", () => {
    const script = bashCompletion(commands());
    expect(offered(script, "")).toEqual(["ingest", "schema", "query", "run"]);
    expect(offered(script, "q")).toEqual(["query"]);
    expect(offered(script, "ingest", "")).toEqual(["tasks", "events"]);
    expect(offered(script, "ingest", "--type", "tasks", "ev")).toEqual(["events"]);
    expect(offered(script, "ingest", "--new", "t")).toEqual(["tasks"]);
    expect(offered(script, "ingest", "tasks", "")).toEqual([]);
    expect(offered(script, "ingest", "--type", "")).toEqual([]);
    expect(offered(script, "ingest", "--")).toEqual(["--type", "--new", "--help"]);
    expect(offered(script, "ingest", "-t")).toEqual(["-t"]);
    expect(offered(script, "schema", "")).toEqual(["export"]);
    expect(offered(script, "schema", "export", "g")).toEqual(["gold"]);
    expect(offered(script, "query", "--format", "")).toEqual(["json", "csv"]);
    expect(offered(script, "query", "--format", "=")).toEqual(["json", "csv"]);
    expect(offered(script, "query", "--format", "=", "c")).toEqual(["csv"]);
    expect(offered(script, "run", "y")).toEqual(["yesterday"]);
    expect(offered(script, "nothing", "")).toEqual([]);
  });

  it("knows the whole command", async () => {
    const place = await workplace();
    const { stdout, code } = await place.medallion(["completion", "bash"]);
    expect(code).toBe(0);
    expect(offered(stdout, "export", "ta")).toEqual(["tasks"]);
    expect(offered(stdout, "export", "gold_daily_by_m")).toEqual(["gold_daily_by_master"]);
    expect(offered(stdout, "export", "tasks", "--format", "")).toEqual(["csv", "jsonl", "parquet"]);
    expect(offered(stdout, "completion", "")).toEqual(["bash", "zsh", "fish"]);
    for (const shell of ["zsh", "fish"]) expect((await place.medallion(["completion", shell])).code).toBe(0);
    expect((await place.medallion(["completion", "tcsh"])).code).toBe(2);
  });
});

describe("the completion of other shells", () => {
  it("names the same for zsh", () => {
    const script = zshCompletion(commands());
    expect(script).toContain("#compdef medallion\n");
    expect(script).toContain("'ingest:Keep it'\\''s records'");
    expect(script).toContain("('ingest 0') values=('tasks' 'events') ;;");
    expect(script).toContain("('query --format') compadd -- 'json' 'csv'; return ;;");
    expect(script).toContain("('schema export 0') values=('gold' 'silver') ;;");
  });

  it("names the same for fish", () => {
    const script = fishCompletion(commands());
    expect(script).toContain("-a 'ingest' -d 'Keep it\\'s records'");
    expect(script).toContain("complete -c medallion -n '__fish_seen_subcommand_from ingest' -a 'tasks'");
    expect(script).toContain("-n '__fish_seen_subcommand_from query' -l format -x -a 'json csv' -d 'the form'");
    expect(script).toContain(
      "-n '__fish_seen_subcommand_from schema; and __fish_seen_subcommand_from export' -a 'gold'",
    );
  });
});
