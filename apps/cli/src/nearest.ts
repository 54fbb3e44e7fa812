/** Longer words are compared by their beginning. */
const LONGEST_COMPARED = 80;

/** Of the known words, the one with the fewest letters to insert, leave out or replace (Levenshtein distance); null where none is known. */
export function nearest(word: string, known: readonly string[]): string | null {
  const short = word.slice(0, LONGEST_COMPARED).toLowerCase();
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of known) {
    const distance = distanceOf(short, name.toLowerCase());
    if (best === null || distance < best.distance) best = { name, distance };
  }
  return best?.name ?? null;
}

function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
