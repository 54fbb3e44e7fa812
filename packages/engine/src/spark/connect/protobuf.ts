/**
 * The wire format of Protocol Buffers, as far as Spark Connect needs it.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** What a field may hold. A list is a repeated field, a record a map of strings; `undefined` leaves the field out. */
export type FieldValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | readonly (string | Uint8Array)[]
  | Readonly<Record<string, string>>
  | undefined;

/** Encodes a message from its fields by number. Numbers are written as varints, so they must be whole and not negative. */
export function encode(fields: Readonly<Record<number, FieldValue>>): Uint8Array {
  return Buffer.concat(Object.entries(fields).flatMap(([number, value]) => encodeField(Number(number), value)));
}

function encodeField(number: number, value: FieldValue): Uint8Array[] {
  if (value === undefined) return [];
  if (typeof value === "string") return delimited(number, Buffer.from(value, "utf8"));
  if (typeof value === "boolean") return [varint(tag(number, VARINT)), varint(value ? 1n : 0n)];
  if (typeof value === "number" || typeof value === "bigint") {
    return [varint(tag(number, VARINT)), varint(BigInt(value))];
  }
  if (value instanceof Uint8Array) return delimited(number, value);
  if (isList(value)) return value.flatMap((item) => encodeField(number, item));
  return Object.entries(value).flatMap((entry) => delimited(number, encode({ 1: entry[0], 2: entry[1] })));
}

function isList(value: object): value is readonly (string | Uint8Array)[] {
  return Array.isArray(value);
}

function delimited(number: number, bytes: Uint8Array): Uint8Array[] {
  return [varint(tag(number, BYTES)), varint(BigInt(bytes.length)), bytes];
}

function tag(number: number, type: number): bigint {
  return BigInt(number * 8 + type);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** A decoded message: its fields by number, each read as the type that the caller knows it to have. */
export class Message {
  readonly #fields = new Map<number, (bigint | Uint8Array)[]>();

  /** @throws RangeError when the bytes are no message */
  constructor(bytes: Uint8Array) {
    const reader = new Reader(bytes);
    while (!reader.done) {
      const key = Number(reader.varint());
      const number = Math.floor(key / 8);
      const value = reader.value(key % 8);
      const values = this.#fields.get(number);
      if (values === undefined) this.#fields.set(number, [value]);
      else values.push(value);
    }
  }

  has(number: number): boolean {
    return this.#fields.has(number);
  }

  /** Bytes of a field; null when it is not there. */
  bytes(number: number): Uint8Array | null {
    const value = this.#fields.get(number)?.at(-1);
    return value instanceof Uint8Array ? value : null;
  }

  text(number: number): string {
    return textOf(this.bytes(number) ?? new Uint8Array());
  }

  integer(number: number): number {
    const value = this.#fields.get(number)?.at(-1);
    return typeof value === "bigint" ? Number(value) : 0;
  }

  message(number: number): Message | null {
    const bytes = this.bytes(number);
    return bytes === null ? null : new Message(bytes);
  }

  messages(number: number): Message[] {
    return (this.#fields.get(number) ?? []).flatMap((value) =>
      value instanceof Uint8Array ? [new Message(value)] : [],
    );
  }

  texts(number: number): string[] {
    return (this.#fields.get(number) ?? []).flatMap((value) => (value instanceof Uint8Array ? [textOf(value)] : []));
  }

  /** A map of strings. */
  map(number: number): Map<string, string> {
    return new Map(this.messages(number).map((entry) => [entry.text(1), entry.text(2)]));
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) break;
      this.#at += 1;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError("expected a varint in a protobuf message, found its end");
  }

  value(type: number): bigint | Uint8Array {
    switch (type) {
      case VARINT:
        return this.varint();
      case FIXED64:
        return this.#take(8);
      case FIXED32:
        return this.#take(4);
      case BYTES:
        return this.#take(Number(this.varint()));
      default:
        throw new RangeError(`expected a protobuf wire type of 0, 1, 2 or 5, found ${type}`);
    }
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("expected more bytes in a protobuf message, found its end");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
