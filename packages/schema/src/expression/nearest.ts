/** The candidate that is most like a name, when one is like enough to be meant; letter case counts half. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let least = name.length < 3 ? 1 : name.length / 3 + 0.5;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > least) continue;
    const exact = distance(name, candidate);
    const folded = distance(name.toLowerCase(), candidate.toLowerCase());
    const found = (exact + folded) / 2;
    if (found < least) [best, least] = [candidate, found];
  }
  return best;
}

/** Levenshtein's distance: the fewest characters to insert, delete or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let line = 1; line <= one.length; line++) {
    const next = [line];
    for (let column = 1; column <= other.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (one[line - 1] === other[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
