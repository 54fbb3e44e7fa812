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
  const order = orderOf(rows, count);
  const durations = durationsIn(rows, order);
  if (durations === null) return null;
  const micros = Float64Array.from(durations).sort();
  const places = placesIn(micros, durations);
  const states = statesAt(rows, order, places, mastersOf(groups, count));
  return { masters: groups.map(([master]) => master), micros, states, keys: keysIn(rows, order), places };
}

/** Of each row the place of its master. */
function mastersOf(groups: readonly (readonly [master: string, bytes: Buffer])[], count: number): Uint32Array {
  const masterOf = new Uint32Array(count);
  let end = 0;
  groups.forEach(([, bytes], index) => {
    masterOf.fill(index, end, end + bytes.length / ROW_BYTES);
    end += bytes.length / ROW_BYTES;
  });
  return masterOf;
}

/** Rows in the order of their keys. Numbers are sorted many times faster than what needs a function to compare. */
function orderOf(rows: Buffer, count: number): Uint32Array {
  const unit = 2 ** Math.ceil(Math.log2(count + 1));
  const words = viewOf(rows);
  const firsts = new Float64Array(count);
  for (let row = 0; row < count; row += 1) firsts[row] = words.getUint32(row * ROW_BYTES) * unit + row;
  firsts.sort();
  const order = new Uint32Array(count);
  for (let place = 0; place < count; place += 1) order[place] = (firsts[place] ?? 0) % unit;
  const isAfter = (a: number, b: number) => {
    const [from, other] = [a * ROW_BYTES, b * ROW_BYTES];
    if (words.getUint32(from) !== words.getUint32(other)) return false;
    return rows.compare(rows, other, other + 4 * KEY_WORDS, from, from + 4 * KEY_WORDS) > 0;
  };
  for (let end = 1; end < count; end += 1) {
    for (let place = end; place > 0; place -= 1) {
      const [before, here] = [order[place - 1] ?? 0, order[place] ?? 0];
      if (!isAfter(before, here)) break;
      order[place - 1] = here;
      order[place] = before;
    }
  }
  return order;
}

/** The keys of rows. */
function keysIn(rows: Buffer, order: Uint32Array): DayStates["keys"] {
  const words = viewOf(rows);
  const column = (word: number) => {
    const keys = new Uint32Array(order.length);
    for (let index = 0; index < keys.length; index += 1) {
      keys[index] = words.getUint32((order[index] ?? 0) * ROW_BYTES + 4 * word);
    }
    return keys;
  };
  return [column(0), column(1), column(2), column(3)];
}

/** The durations of rows; null when one cannot be kept. */
function durationsIn(rows: Buffer, order: Uint32Array): Float64Array | null {
  const durations = new Float64Array(order.length);
  for (let index = 0; index < durations.length; index += 1) {
    const duration = durationAt(rows, (order[index] ?? 0) * ROW_BYTES + 4 * KEY_WORDS + 1);
    if (duration === null) return null;
    durations[index] = duration;
  }
  return durations;
}

/** Of each duration its place among all in order; equal ones follow one another as they come. */
function placesIn(sorted: Float64Array, durations: Float64Array): Uint32Array {
  const taken = new Uint32Array(sorted.length);
  const places = new Uint32Array(sorted.length);
  const untimed = durationsBelow(sorted, Number.POSITIVE_INFINITY);
  for (let index = 0; index < places.length; index += 1) {
    const duration = durations[index] ?? Number.NaN;
    const first = Number.isNaN(duration) ? untimed : durationsBelow(sorted, duration);
    const before = taken[first] ?? 0;
    taken[first] = before + 1;
    places[index] = first + before;
  }
  return places;
}

/** The states of rows, at the places of their durations. */
function statesAt(rows: Buffer, order: Uint32Array, places: Uint32Array, masterOf: Uint32Array): Uint32Array {
  const states = new Uint32Array(order.length);
  for (let index = 0; index < order.length; index += 1) {
    const row = order[index] ?? 0;
    const outcome = (rows[row * ROW_BYTES + 4 * KEY_WORDS] ?? 0) & 0xf;
    states[places[index] ?? 0] = ((masterOf[row] ?? 0) << OUTCOME_BITS) | outcome;
  }
  return states;
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
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
