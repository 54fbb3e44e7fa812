/** Works on items, some at once; ends at the first failure. */
export async function eachOf<T>(
  items: readonly T[],
  work: (item: T, worker: number) => Promise<void>,
  workers = 4,
): Promise<void> {
  const left = [...items.entries()];
  const failures: unknown[] = [];
  const begin = async (worker: number) => {
    for (let next = left.shift(); next !== undefined && failures.length === 0; next = left.shift()) {
      const [index, item] = next;
      try {
        await work(item, worker);
      } catch (error) {
        failures.push(new Error(`item ${index}: ${JSON.stringify(item)}`, { cause: error }));
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => begin(worker)));
  if (failures.length > 0) throw failures[0];
}
