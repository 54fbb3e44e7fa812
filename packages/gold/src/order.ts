/** The entries of a map by name, in the order of code units: every engine and every locale gives the same. */
export function sortedByName<T>(values: ReadonlyMap<string, T>): [name: string, value: T][] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
