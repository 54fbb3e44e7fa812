/** A value of an expression; an instant is the microseconds since the epoch. */
export type ExpressionValue = string | number | bigint | boolean | null;

/** The order of two values of one type. */
export function orderOf(left: string | number | bigint | boolean, right: string | number | bigint | boolean): number {
  if (typeof left === "string" && typeof right === "string") return compareText(left, right);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * The order of two texts by Unicode code points, which is that of their bytes in UTF-8: negative, zero or positive.
 * JavaScript's own `<` compares UTF-16 units and puts `"😀"` before `"\uffff"`.
 */
function compareText(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [one.charCodeAt(index), other.charCodeAt(index)];
    if (left !== right) return rank(left) - rank(right);
  }
  return one.length - other.length;
}

/** Surrogates stand for code points above all that are one unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
