import { type Argument, type Command, Help, type Option } from "commander";

/** Headings of options that many commands share. */
export const ENGINE_OPTIONS = "Engine options:";
export const COMMON_OPTIONS = "Common options:";

/** How help is laid out: commands without `[options]`, and shared options after the command's own. */
export const HELP_LAYOUT = {
  subcommandTerm: (command: Command) => [command.name(), ...command.registeredArguments.map(placeholder)].join(" "),
  groupItems<T extends Command | Option>(unsorted: T[], visible: T[], groupOf: (item: T) => string): Map<string, T[]> {
    const groups = Help.prototype.groupItems(unsorted, visible, groupOf);
    const rank = (heading: string) => [ENGINE_OPTIONS, COMMON_OPTIONS].indexOf(heading);
    return new Map([...groups].sort(([a], [b]) => rank(a) - rank(b)));
  },
};

/** Sets on every command what it does not inherit: that a mistake points to its own help. */
export function pointToHelp(command: Command, path = command.name()): void {
  command.helpCommand(false).showHelpAfterError(`(see \`${path} --help\`)`);
  for (const child of command.commands) pointToHelp(child, `${path} ${child.name()}`);
}

function placeholder(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
