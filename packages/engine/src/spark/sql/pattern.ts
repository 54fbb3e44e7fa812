/**
 * A regular expression of RE2 or JavaScript for Java's engine: `$` is the end of the text only, `.` stops at a line feed
 * only, `\s` is white space without U+000B, and inside a class `[` and `&&` are characters.
 */
export function javaPattern(pattern: string): string {
  let java = "";
  let inClass = false;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === "\\") {
      index += 1;
      const escaped = pattern.charAt(index);
      java += escaped === "s" ? whiteSpace(inClass) : `\\${escaped}`;
    } else if (inClass) {
      if (character === "]") inClass = false;
      java += character === "[" || character === "&" ? `\\${character}` : character;
    } else if (character === "[") {
      inClass = true;
      const negated = pattern.charAt(index + 1) === "^" ? "^" : "";
      index += negated.length;
      java += `[${negated}`;
    } else {
      java += character === "$" ? "\\z" : character;
    }
  }
  return `(?d)${java}`;
}

function whiteSpace(inClass: boolean): string {
  return inClass ? "\\t\\n\\f\\r " : "[\\t\\n\\f\\r ]";
}
