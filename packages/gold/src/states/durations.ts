import { type Percentiles, percentilesAt, placesOf } from "../range/percentiles.ts";
import type { DayStates } from "./states.ts";

/**
 * Bits of the upper half of a double that its bucket leaves out: numbers with the same exponent and the same seven bits behind
 * it are in one. Buckets are in the order of their numbers, since none is negative.
 */
const BUCKET_BITS = 13;
/** The bucket of 2^53. What is no number is in one behind it. */
const BUCKETS = 0x43400000 >>> BUCKET_BITS;

/** Exact percentiles of the durations of states that are not superseded. Only those in the buckets of a percentile are sorted. */
export function percentilesOfStates(days: readonly DayStates[], superseded: readonly Uint8Array[]): Percentiles {
  const counts = new Uint32Array(BUCKETS);
  days.forEach(({ micros }, day) => {
    countBuckets(micros, superseded[day], counts);
  });
  let count = 0;
  for (const n of counts) count += n;
  const places = placesOf(count).sort((a, b) => a - b);
  const isWanted = new Uint8Array(BUCKETS);
  const wanted = new Map<number, { readonly start: number; readonly values: number[] }>();
  let [start, bucket] = [0, 0];
  for (const place of places) {
    for (; place >= start + (counts[bucket] ?? 0); bucket += 1) start += counts[bucket] ?? 0;
    if (isWanted[bucket] === 0) wanted.set(bucket, { start, values: [] });
    isWanted[bucket] = 1;
  }
  days.forEach(({ micros }, day) => {
    collectWanted(micros, superseded[day], isWanted, (of, value) => wanted.get(of)?.values.push(value));
  });
  const found = new Map<number, bigint>();
  for (const { start: first, values } of wanted.values()) {
    const sorted = Float64Array.from(values).sort();
    for (const place of places) {
      const value = sorted[place - first];
      if (value !== undefined) found.set(place, BigInt(value));
    }
  }
  return percentilesAt(count, found);
}

function countBuckets(micros: Float64Array, superseded: Uint8Array | undefined, counts: Uint32Array): void {
  const halves = halvesOf(micros);
  for (let place = 0; place < micros.length; place += 1) {
    const bucket = (halves[2 * place + 1] ?? 0) >>> BUCKET_BITS;
    if (bucket < BUCKETS && superseded?.[place] !== 1) counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
}

function collectWanted(
  micros: Float64Array,
  superseded: Uint8Array | undefined,
  isWanted: Uint8Array,
  use: (bucket: number, value: number) => void,
): void {
  const halves = halvesOf(micros);
  for (let place = 0; place < micros.length; place += 1) {
    const bucket = (halves[2 * place + 1] ?? 0) >>> BUCKET_BITS;
    if (bucket < BUCKETS && isWanted[bucket] === 1 && superseded?.[place] !== 1) use(bucket, micros[place] ?? 0);
  }
}

/** The lower half of each double, then its upper half. */
function halvesOf(numbers: Float64Array): Uint32Array {
  return new Uint32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
}
