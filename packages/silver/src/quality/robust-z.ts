/** A score beyond this is an outlier, as Iglewicz and Hoaglin recommend. */
export const OUTLIER = 3.5;

export interface RobustScore {
  readonly median: number;
  /** Null where all values of the history are equal. */
  readonly score: number | null;
}

/**
 * The modified z-score of a value against a history: 0.6745 (x - median) / MAD, where MAD is the median absolute deviation
 * from the median. Where more than half of the history is equal, so that MAD is 0, the mean absolute deviation takes its
 * place: (x - median) / (1.253314 MeanAD). (B. Iglewicz and D. Hoaglin, How to Detect and Handle Outliers, ASQC, 1993.)
 * @param history at least one value
 */
export function robustScore(value: number, history: readonly number[]): RobustScore {
  const center = medianOf(history);
  const deviations = history.map((item) => Math.abs(item - center));
  const mad = medianOf(deviations);
  if (mad > 0) return { median: center, score: (0.6745 * (value - center)) / mad };
  const mean = deviations.reduce((sum, item) => sum + item, 0) / deviations.length;
  return { median: center, score: mean > 0 ? (value - center) / (1.253314 * mean) : null };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1] ?? 0, sorted[middle] ?? 0];
  return (low + high) / 2;
}
