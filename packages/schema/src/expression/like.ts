/** A part of a `LIKE` pattern: any characters, one character, or the character that it is. */
export type LikePart =
  | { readonly kind: "any" }
  | { readonly kind: "one" }
  | { readonly kind: "character"; readonly text: string };

/**
 * The parts of a `LIKE` pattern. `%` stands for any characters and `_` for one; the escape character makes one of them,
 * or itself, an ordinary character. Without an escape character nothing does, as in the SQL standard.
 *
 * @returns null when the escape character stands before anything else
 */
export function likeParts(pattern: string, escapeCharacter: string | null): LikePart[] | null {
  const parts: LikePart[] = [];
  const characters = [...pattern];
  for (let index = 0; index < characters.length; index++) {
    const text = characters[index] ?? "";
    if (text === escapeCharacter) {
      const escaped = characters[++index];
      if (escaped !== "%" && escaped !== "_" && escaped !== escapeCharacter) return null;
      parts.push({ kind: "character", text: escaped ?? "" });
    } else if (text === "%") parts.push({ kind: "any" });
    else if (text === "_") parts.push({ kind: "one" });
    else parts.push({ kind: "character", text });
  }
  return parts;
}

/** Whether text is as a pattern says, in time that grows with the product of their lengths at most. */
export function isLike(text: string, parts: readonly LikePart[]): boolean {
  const characters = [...text];
  let [at, part, resumeAt, resumePart] = [0, 0, -1, -1];
  while (at < characters.length) {
    const wanted = parts[part];
    if (wanted?.kind === "any") [resumeAt, resumePart, part] = [at, part, part + 1];
    else if (wanted?.kind === "one" || (wanted?.kind === "character" && wanted.text === characters[at])) {
      [at, part] = [at + 1, part + 1];
    } else if (resumePart === -1) return false;
    else [resumeAt, at, part] = [resumeAt + 1, resumeAt + 1, resumePart + 1];
  }
  return parts.slice(part).every(({ kind }) => kind === "any");
}
