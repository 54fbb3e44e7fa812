/**
 * A quotient of whole numbers that are not negative, rounded half up to a number of decimals; null when the divisor is
 * 0. It is computed in whole numbers, so that every engine's rows give the same digits.
 */
export function roundedQuotient(dividend: bigint, divisor: bigint, decimals: number): number | null {
  if (divisor === 0n) return null;
  const scale = 10n ** BigInt(decimals);
  return Number((2n * dividend * scale + divisor) / (2n * divisor)) / Number(scale);
}

/** `part / whole * 100` with one decimal; null when `whole` is 0. */
export function percentage(part: number, whole: number): number | null {
  return roundedQuotient(100n * BigInt(part), BigInt(whole), 1);
}

const MICROS = 1_000_000n;

/** The mean of microseconds as seconds with three decimals; null when there is none. */
export function meanSeconds(sum: bigint, count: number): number | null {
  return roundedQuotient(sum, BigInt(count) * MICROS, 3);
}

/**
 * Where a percentile lies among `count` sorted values: the value at `index` (from 0) and `hundredths` of the way to the
 * next one. Linear interpolation between closest ranks, R's type 7 (Hyndman and Fan 1996).
 */
export function percentilePlace(
  percent: number,
  count: number,
): { readonly index: number; readonly hundredths: number } {
  const place = percent * (count - 1);
  return { index: Math.floor(place / 100), hundredths: place % 100 };
}

/** A percentile of microseconds as seconds with three decimals, from the values at its place. */
export function percentileSeconds(low: bigint, high: bigint, hundredths: number): number | null {
  const weighted = low * BigInt(100 - hundredths) + high * BigInt(hundredths);
  return roundedQuotient(weighted, 100n * MICROS, 3);
}
