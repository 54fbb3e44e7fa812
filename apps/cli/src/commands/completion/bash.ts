import type { CompletedCommand } from "./model.ts";
import { optionNames, quote } from "./quote.ts";

/** The completion of bash. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const valued = commands.flatMap((command) =>
    command.options
      .filter(({ takesValue }) => takesValue)
      .map(({ values, ...option }) => ({
        values,
        words: optionNames(option).map((name) => wordsOf([...command.path, name])),
      })),
  );
  const subcommands = commands.flatMap(({ path, subcommands: own }) => own.map(({ name }) => wordsOf([...path, name])));
  const chosen = valued.map(({ values, words }) => (values === null ? "" : caseOf(words, valuesAre(values))));
  const free = valued.filter(({ values }) => values === null).flatMap(({ words }) => words);
  const options = commands.map(({ path, options: own }) =>
    caseOf([wordsOf(path)], valuesAre(own.flatMap(optionNames))),
  );
  return `# bash completion of medallion: source <(medallion completion bash)
_medallion() {
  local cur prev word at="" values="" place=0 i
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD - 1]}"
  # bash takes --format=csv for three words.
  if [[ "$cur" == "=" ]]; then
    cur=""
  elif [[ "$prev" == "=" ]]; then
    prev="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$at $word" in
${caseOf(subcommands, 'at="$at $word" place=0')}${caseOf(
  valued.flatMap(({ words }) => words),
  "i=$((i + 1))",
)}      *" -"*) ;;
      *) place=$((place + 1)) ;;
    esac
  done
  # What the user alone knows is completed as a file, by \`-o default\`.
  COMPREPLY=()
  case "$at $prev" in
${chosen.join("")}${caseOf(free, "return")}      *)
        if [[ "$cur" == -* ]]; then
          case "$at" in
${options.join("")}          esac
        else
          case "$at $place" in
${commands.flatMap(placeCases).join("")}          esac
        fi ;;
  esac
  COMPREPLY=($(compgen -W "$values" -- "$cur")) || true
}
complete -o default -F _medallion medallion
`;
}

function placeCases({ path, subcommands, places }: CompletedCommand): string[] {
  const at = (place: number) => [`${wordsOf(path)} ${place}`];
  if (subcommands.length > 0) return [caseOf(at(0), valuesAre(subcommands.map(({ name }) => name)))];
  return places.flatMap((values, index) => (values === null ? [] : [caseOf(at(index), valuesAre(values))]));
}

function valuesAre(values: readonly string[]): string {
  return `values=${quote(values.join(" "))}`;
}

function wordsOf(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join("");
}

/** A branch of a `case`, or nothing where there is no pattern. */
function caseOf(patterns: readonly string[], action: string): string {
  return patterns.length === 0 ? "" : `      ${patterns.map(quote).join(" | ")}) ${action} ;;\n`;
}
