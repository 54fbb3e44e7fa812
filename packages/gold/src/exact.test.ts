import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanSeconds, percentage, percentilePlace, percentileSeconds, roundedQuotient } from "./exact.ts";

describe("roundedQuotient", () => {
  it("rounds half up and knows no quotient by 0", () => {
    expect(roundedQuotient(1n, 8n, 2)).toBe(0.13);
    expect(roundedQuotient(25n, 10n, 0)).toBe(3);
    expect(roundedQuotient(1n, 0n, 1)).toBeNull();
  });

  it("is within half a unit of the last decimal of the quotient", () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 12n),
        fc.bigInt(1n, 10n ** 6n),
        fc.integer({ min: 0, max: 3 }),
        (a, b, decimals) => {
          const scale = 10n ** BigInt(decimals);
          const scaled = BigInt(Math.round((roundedQuotient(a, b, decimals) ?? Number.NaN) * Number(scale)));
          const error = 2n * (scaled * b - a * scale);
          expect(error <= b && error > -b).toBe(true);
        },
      ),
    );
  });
});

describe("the numbers of a document", () => {
  it("are those of the examples of the design", () => {
    expect(percentage(143, 150)).toBe(95.3);
    expect(percentage(143, 148)).toBe(96.6);
    expect(percentage(0, 0)).toBeNull();
    expect(meanSeconds(0n, 0)).toBeNull();
    expect(meanSeconds(2_400_000_007n, 1)).toBe(2400);
  });

  it("interpolate percentiles as R's type 7 does", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10 ** 9 }), { minLength: 1, maxLength: 50 }),
        fc.constantFrom(50, 95, 99),
        (values, percent) => {
          const sorted = [...values].sort((a, b) => a - b);
          const h = (percent / 100) * (sorted.length - 1);
          const low = sorted[Math.floor(h + 1e-9)] ?? 0;
          const high = sorted[Math.min(Math.floor(h + 1e-9) + 1, sorted.length - 1)] ?? 0;
          const place = percentilePlace(percent, sorted.length);
          const at = (index: number) => BigInt(sorted[Math.min(index, sorted.length - 1)] ?? 0);
          const found = percentileSeconds(at(place.index), at(place.index + 1), place.hundredths);
          expect(found).toBeCloseTo((low + (high - low) * (h - Math.floor(h + 1e-9))) / 1e6, 2);
        },
      ),
    );
  });
});
