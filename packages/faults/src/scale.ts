/** Whether everything is tried (`npm run test:faults`) or a part of it (`npm test`). */
const FULL = process.env.MEDALLION_FAULTS === "full";

/** The first number in the whole suite, the second in the short one. */
export function scaled(full: number, short: number): number {
  return FULL ? full : short;
}

/** The seed of what is drawn by chance; another one with MEDALLION_SEED. */
export const SEED = Number(process.env.MEDALLION_SEED ?? 20_251_127);

/** Numbers from 0 to below 1 that depend on the seed alone (mulberry32). */
export function random(seed: number = SEED): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Some of the items, in their order, drawn by chance. */
export function sample<T>(items: readonly T[], count: number, next: () => number): T[] {
  const left = items.map((item, index) => ({ item, index }));
  const drawn: typeof left = [];
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(Math.floor(next() * left.length), 1));
  return drawn.sort((a, b) => a.index - b.index).map(({ item }) => item);
}
