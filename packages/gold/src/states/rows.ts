import { type Engine, identifier, type Sql, sql } from "@medallion/engine";
import { sortedByName } from "../order.ts";
import { type DayStates, durationsBelow, KEY_WORDS, OUTCOME_BITS, OUTCOMES } from "./states.ts";

const KEY_DIGITS = 32;
const ROW_BYTES = 25;
/** Decimal digits of a duration; the two largest numbers of so many digits say that there is none that can be kept. */
const MICROS_UNIT = 10n ** 16n;
const NO_DURATION = MICROS_UNIT - 1n;
const UNSAFE_DURATION = MICROS_UNIT - 2n;
const FIRST_DIGIT = 10n ** 17n;
/** The last byte of the two, of which the first byte is 0x99. */
const UNSAFE_BYTE = 0x98;
const LEADING_BYTE = 0x99;

/**
 * The states of days, of a relation of one row a task and day with `day`, `task_id`, `master`, `micros` and what says how a task
 * ended. A day has none when a duration of it is no whole number that a double holds.
 *
 * A row comes as 50 digits, those of a master as one text, since to fetch a row for each task takes far longer: 32 digits of
 * the key, then a decimal number that begins with 1, the bits of the outcome, and 16 digits of the duration.
 */
export async function statesOf(engine: Engine, relation: Sql): Promise<Map<string, DayStates>> {
  const { dialect } = engine;
  const [day, master] = [identifier("day"), identifier("master")];
  const bit = (column: string, value: number) => sql`CASE WHEN ${identifier(column)} THEN ${value} ELSE 0 END`;
  const outcome = sql`(${bit("is_success", OUTCOMES.completed)} + ${bit("is_failure", OUTCOMES.failed)} + ${bit("is_cancelled", OUTCOMES.cancelled)})`;
  const micros = sql`CASE WHEN micros IS NULL THEN ${NO_DURATION}
    WHEN micros < 0 OR micros > ${Number.MAX_SAFE_INTEGER} THEN ${UNSAFE_DURATION} ELSE micros END`;
  const key = sql`substr(${dialect.digest(identifier("task_id"))}, 1, ${KEY_DIGITS})`;
  const text = dialect.concat([key, sql`(${FIRST_DIGIT} + ${outcome} * ${MICROS_UNIT} + ${micros})`]);
  const rows = await engine.rows(
    sql`SELECT ${day}, ${master}, ${dialect.joined(text)} AS states FROM ${relation} AS r GROUP BY ${day}, ${master}`,
  );
  const days = new Map<string, Map<string, Buffer>>();
  for (const row of rows) {
    const masters = days.get(String(row.day)) ?? new Map<string, Buffer>();
    days.set(String(row.day), masters.set(String(row.master), Buffer.from(String(row.states), "hex")));
  }
  return new Map(
    [...days].flatMap(([of, masters]) => {
      const states = inOrder(sortedByName(masters));
      return states === null ? [] : [[of, states] as const];
    }),
  );
}

/** The states of one day; null when a duration cannot be kept. */
function inOrder(groups: readonly (readonly [master: string, bytes: Buffer])[]): DayStates | null {
  const rows = Buffer.concat(groups.map(([, bytes]) => bytes));
  const count = rows.length / ROW_BYTES;
  const masterOf = new Uint32Array(count);
  let end = 0;
  groups.forEach(([, bytes], index) => {
    masterOf.fill(index, end, end + bytes.length / ROW_BYTES);
    end += bytes.length / ROW_BYTES;
  });
  const words = () => new Uint32Array(count);
  const keys = [words(), words(), words(), words()] as const;
  const [durations, states] = [new Float64Array(count), words()];
  const order = orderOf(rows, count);
  for (let index = 0; index < count; index += 1) {
    const row = order[index] ?? 0;
    const at = row * ROW_BYTES;
    keys.forEach((column, word) => {
      column[index] = rows.readUInt32BE(at + 4 * word);
    });
    const duration = durationAt(rows, at + 4 * KEY_WORDS + 1);
    if (duration === null) return null;
    durations[index] = duration;
  }
  const micros = Float64Array.from(durations).sort();
  const places = placesIn(micros, durations);
  places.forEach((place, index) => {
    const row = order[index] ?? 0;
    states[place] = ((masterOf[row] ?? 0) << OUTCOME_BITS) | (rows.readUInt8(row * ROW_BYTES + 4 * KEY_WORDS) & 0xf);
  });
  return { masters: groups.map(([master]) => master), micros, states, keys, places };
}

/** Of each duration its place among all in order; equal ones follow one another as they come. */
function placesIn(sorted: Float64Array, durations: Float64Array): Uint32Array {
  const taken = new Uint32Array(sorted.length);
  const untimed = durationsBelow(sorted, Number.POSITIVE_INFINITY);
  return Uint32Array.from(durations, (duration) => {
    const first = Number.isNaN(duration) ? untimed : durationsBelow(sorted, duration);
    const before = taken[first] ?? 0;
    taken[first] = before + 1;
    return first + before;
  });
}

/** Rows in the order of their keys. Numbers are sorted many times faster than what needs a function to compare. */
function orderOf(rows: Buffer, count: number): Uint32Array {
  const unit = 2 ** Math.ceil(Math.log2(count + 1));
  const firsts = Float64Array.from({ length: count }, (_, row) => rows.readUInt32BE(row * ROW_BYTES) * unit + row);
  const order = Uint32Array.from(firsts.sort(), (value) => value % unit);
  const compare = (a: number, b: number) => {
    const [from, other] = [a * ROW_BYTES, b * ROW_BYTES];
    return rows.compare(rows, other, other + 4 * KEY_WORDS, from, from + 4 * KEY_WORDS);
  };
  for (let end = 1; end < count; end += 1) {
    for (let place = end; place > 0; place -= 1) {
      const [before, here] = [order[place - 1] ?? 0, order[place] ?? 0];
      if (compare(before, here) <= 0) break;
      order[place - 1] = here;
      order[place] = before;
    }
  }
  return order;
}

/** The duration in 16 decimal digits, two in a byte; NaN when there is none, null when it cannot be kept. */
function durationAt(rows: Buffer, start: number): number | null {
  if (rows[start] === LEADING_BYTE) return rows[start + 7] === UNSAFE_BYTE ? null : Number.NaN;
  let value = 0;
  for (let at = start; at < start + 8; at += 1) {
    const byte = rows[at] ?? 0;
    value = value * 100 + (byte >> 4) * 10 + (byte & 0xf);
  }
  return value;
}
