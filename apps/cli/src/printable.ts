/** As `printable`, on one line whatever stands in it, so that no name passes for a line of its own. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", "\\u{a}");
}

/** Text from data, safe for a terminal: control and direction characters are shown as escapes; line breaks stay. */
export function printable(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
