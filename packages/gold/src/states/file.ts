import { z } from "zod";
import type { DayStates } from "./states.ts";

const FORMAT = 1;
const BYTES_A_TASK = 32;
/** Bytes of which a file and its columns begin at a multiple. */
export const ALIGNMENT = 8;
const NEW_LINE = 10;

const headSchema = z.object({
  format: z.literal(FORMAT),
  tasks: z.number().int().nonnegative(),
  masters: z.array(z.string()).readonly(),
});

/**
 * A day's states as a file: a line of JSON, then the columns one after the other, little-endian: durations in microseconds
 * (doubles), the states, the four words of the keys, and their places (unsigned, 32 bits).
 */
export function statesFile({ masters, micros, states, keys, places }: DayStates): Uint8Array {
  const line = JSON.stringify({ format: FORMAT, tasks: micros.length, masters } satisfies z.infer<typeof headSchema>);
  const padding = ALIGNMENT - 1 - (Buffer.byteLength(line) % ALIGNMENT);
  const head = Buffer.from(`${line}${" ".repeat(padding)}\n`);
  const columns = [micros, states, ...keys, places].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  return Buffer.concat([head, ...columns]);
}

/** Reads what `statesFile` wrote, without a copy; null when it is no such file. `bytes` begin at a multiple of 8. */
export function readStatesFile(bytes: Uint8Array): DayStates | null {
  const start = bytes.indexOf(NEW_LINE) + 1;
  const head = headSchema.safeParse(parsed(bytes.subarray(0, start)));
  if (!head.success || start % ALIGNMENT !== 0 || bytes.byteOffset % ALIGNMENT !== 0) return null;
  const { tasks, masters } = head.data;
  if (bytes.length !== start + tasks * BYTES_A_TASK) return null;
  const micros = new Float64Array(bytes.buffer, bytes.byteOffset + start, tasks);
  const words = (index: number) =>
    new Uint32Array(bytes.buffer, bytes.byteOffset + start + tasks * (8 + 4 * index), tasks);
  return { masters, micros, states: words(0), keys: [words(1), words(2), words(3), words(4)], places: words(5) };
}

function parsed(line: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(line));
  } catch {
    return null;
  }
}
