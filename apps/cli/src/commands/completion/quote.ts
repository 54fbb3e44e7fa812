/** A word for a POSIX shell, in single quotes. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The names of an option. */
export function optionNames(option: { readonly long: string | null; readonly short: string | null }): string[] {
  return [option.long, option.short].filter((name) => name !== null);
}
