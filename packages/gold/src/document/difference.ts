import { roundedQuotient } from "../exact.ts";

/** A number beside the one of the range before. */
export interface Difference {
  readonly before: number | null;
  /** The change, with as many decimals as documents have, three at most. */
  readonly absolute: number | null;
  /** The change in percent of the number before, one decimal; null where that is 0. */
  readonly percent: number | null;
}

/** How a number of a document changed. Null where one of the two is null. */
export function difference(before: number | null, after: number | null): Difference {
  if (before === null || after === null) return { before, absolute: null, percent: null };
  const [was, is] = [thousandths(before), thousandths(after)];
  return { before, absolute: signed(is - was, 1000n, 3), percent: signed(100n * (is - was), was, 1) };
}

/** How every number of a record changed. */
export function differences<K extends string>(
  before: Readonly<Record<K, number | null>>,
  after: Readonly<Record<K, number | null>>,
  names: readonly K[],
): Record<K, Difference> {
  const entries = names.map((name) => [name, difference(before[name], after[name])] as const);
  return Object.fromEntries(entries) as Record<K, Difference>;
}

function thousandths(value: number): bigint {
  return BigInt(Math.round(value * 1000));
}

function signed(dividend: bigint, divisor: bigint, decimals: number): number | null {
  const quotient = roundedQuotient(dividend < 0n ? -dividend : dividend, divisor, decimals);
  return quotient === null || quotient === 0 ? quotient : dividend < 0n ? -quotient : quotient;
}
