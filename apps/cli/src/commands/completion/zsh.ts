import type { CompletedCommand, CompletedOption } from "./model.ts";
import { optionNames, quote } from "./quote.ts";

/** The completion of zsh. The completion system must be on (`compinit`). */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const withValue = (command: CompletedCommand) => command.options.filter(({ takesValue }) => takesValue);
  const at = (command: CompletedCommand, word: string) => quote(`${[...command.path, ""].join(" ")}${word}`);
  const names = (command: CompletedCommand, option: CompletedOption) =>
    optionNames(option).map((name) => at(command, name));
  return `#compdef medallion
# zsh completion of medallion: source <(medallion completion zsh)
_medallion() {
  local at="" word i place=0
  local -a values
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    case "$at$word" in
      (${commands.flatMap((command) => command.subcommands.map(({ name }) => at(command, name))).join("|")}) at="$at$word "; place=0 ;;
      (${commands.flatMap((command) => withValue(command).flatMap((option) => names(command, option))).join("|")}) i=$((i + 1)) ;;
      (*)
        if [[ "$word" != -* ]]; then place=$((place + 1)); fi ;;
    esac
  done
  case "$at\${words[CURRENT-1]}" in
${commands
  .flatMap((command) =>
    withValue(command).map((option) => {
      const action = option.values === null ? "_files" : `compadd -- ${option.values.map(quote).join(" ")}`;
      return `    (${names(command, option).join("|")}) ${action}; return ;;`;
    }),
  )
  .join("\n")}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    case "$at" in
${commands.map((command) => `      (${at(command, "")}) values=(${command.options.flatMap((option) => optionNames(option).map((name) => described(name, option.description))).join(" ")}) ;;`).join("\n")}
    esac
    _describe 'option' values
    return
  fi
  case "$at$place" in
${commands.flatMap((command) => placeCases(command, at)).join("\n")}
    (*) _files; return ;;
  esac
  _describe 'argument' values
}
compdef _medallion medallion
`;
}

function placeCases(command: CompletedCommand, at: (command: CompletedCommand, word: string) => string): string[] {
  if (command.subcommands.length > 0) {
    const values = command.subcommands.map(({ name, description }) => described(name, description));
    return [`    (${at(command, "0")}) values=(${values.join(" ")}) ;;`];
  }
  return command.places.flatMap((values, index) =>
    values === null ? [] : [`    (${at(command, `${index}`)}) values=(${values.map(quote).join(" ")}) ;;`],
  );
}

function described(name: string, description: string): string {
  return quote(`${name}:${description.replaceAll("\n", " ")}`);
}
