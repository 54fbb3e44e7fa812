/** Decimals of sums and means. */
const DECIMALS = 12;
const SCALE = 10n ** BigInt(DECIMALS);

/** The decimal text of an engine's exact sum, such as `-6.600000000000`, in units of 10^-12. */
export function unitsOf(text: string): bigint {
  const negative = text.startsWith("-");
  const [whole = "0", fraction = ""] = (negative ? text.slice(1) : text).split(".");
  const units = BigInt(whole) * SCALE + BigInt(fraction.padEnd(DECIMALS, "0").slice(0, DECIMALS) || "0");
  return negative ? -units : units;
}

/** Units of 10^-12 as the nearest number. */
export function numberOf(units: bigint): number {
  const size = units < 0n ? -units : units;
  const text = `${size / SCALE}.${String(size % SCALE).padStart(DECIMALS, "0")}`;
  return units < 0n ? -Number(text) : Number(text);
}

/** The mean of a sum in units of 10^-12, rounded to 12 decimals, half away from zero. */
export function meanOf(units: bigint, count: number): number {
  const divisor = BigInt(count);
  const size = units < 0n ? -units : units;
  const rounded = (2n * size + divisor) / (2n * divisor);
  return numberOf(units < 0n ? -rounded : rounded);
}
