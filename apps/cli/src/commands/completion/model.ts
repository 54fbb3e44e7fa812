import type { Argument, Command, Option } from "commander";

/** A command as a shell completes it. */
export interface CompletedCommand {
  /** The words that name it, without `medallion`; none for `medallion` itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
  /** What may stand in each place; null for what only the user knows, such as a file. The last goes for all further. */
  readonly places: readonly (readonly string[] | null)[];
}

export interface CompletedOption {
  /** `--format` and `-f`, as far as it has them. */
  readonly long: string | null;
  readonly short: string | null;
  readonly description: string;
  readonly takesValue: boolean;
  readonly values: readonly string[] | null;
}

/** The names of things that arguments may be. */
export interface Names {
  readonly datasets: readonly string[];
  readonly tables: readonly string[];
}

const DAYS = ["today", "yesterday"];

/** The commands of a program, `medallion` itself first. */
export function completedCommands(root: Command, names: Names): CompletedCommand[] {
  const commands: CompletedCommand[] = [];
  const add = (command: Command, path: readonly string[]) => {
    const children = command.commands.filter((child) => child.name() !== "help");
    commands.push({
      path,
      description: command.description(),
      subcommands: children.map((child) => ({ name: child.name(), description: child.description() })),
      options: command.createHelp().visibleOptions(command).map(completedOption),
      places: command.registeredArguments.map((argument) => placeOf(argument, names)),
    });
    for (const child of children) add(child, [...path, child.name()]);
  };
  add(root, []);
  return commands;
}

function completedOption(option: Option): CompletedOption {
  const takesValue = option.required || option.optional;
  return {
    long: option.long ?? null,
    short: option.short ?? null,
    description: option.description,
    takesValue,
    values: takesValue ? (option.argChoices ?? (isDay(option.long?.slice(2) ?? "") ? DAYS : null)) : null,
  };
}

function placeOf(argument: Argument, { datasets, tables }: Names): readonly string[] | null {
  const name = argument.name().replace(/[\s_-]/g, "");
  if (argument.argChoices !== undefined) return argument.argChoices;
  if (name === "dataset") return datasets;
  if (name === "table") return tables;
  return isDay(name) ? DAYS : null;
}

function isDay(name: string): boolean {
  return name === "date" || name === "day" || name === "start" || name === "end";
}
