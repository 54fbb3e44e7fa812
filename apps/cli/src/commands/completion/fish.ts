import type { CompletedCommand, CompletedOption } from "./model.ts";

/** The completion of fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return `# fish completion of medallion: medallion completion fish > ~/.config/fish/completions/medallion.fish
${commands.flatMap(commandLines).join("\n")}
`;
}

function commandLines(command: CompletedCommand): string[] {
  const condition = conditionOf(command);
  const start = `complete -c medallion -n ${quoteFish(condition)}`;
  const names = command.subcommands.map(({ name }) => name).join(" ");
  const free = names === "" ? condition : `${condition}; and not __fish_seen_subcommand_from ${names}`;
  return [
    ...command.subcommands.map(
      ({ name, description }) =>
        `complete -c medallion -f -n ${quoteFish(free)} -a ${quoteFish(name)} -d ${quoteFish(description)}`,
    ),
    ...command.options.map((option) => `${start}${optionText(option)}`),
    ...[...new Set(command.places.flatMap((values) => values ?? []))].map((value) => `${start} -a ${quoteFish(value)}`),
  ];
}

function conditionOf({ path, subcommands }: CompletedCommand): string {
  if (path.length === 0) return subcommands.length === 0 ? "true" : "__fish_use_subcommand";
  return path.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
}

function optionText(option: CompletedOption): string {
  const names = [
    ...(option.long === null ? [] : [` -l ${option.long.slice(2)}`]),
    ...(option.short === null ? [] : [` -s ${option.short.slice(1)}`]),
  ].join("");
  const value = option.values === null ? " -r" : ` -x -a ${quoteFish(option.values.join(" "))}`;
  return `${names}${option.takesValue ? value : ""} -d ${quoteFish(option.description)}`;
}

/** In single quotes, where fish knows \\\\ and \\'. */
function quoteFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", " ")}'`;
}
