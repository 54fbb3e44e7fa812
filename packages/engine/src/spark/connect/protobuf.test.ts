import fc from "fast-check";
import { expect, it } from "vitest";
import { encode, Message } from "./protobuf.ts";

it("writes the bytes of the specification", () => {
  expect([...encode({ 1: 150 })]).toEqual([0x08, 0x96, 0x01]);
  expect([...encode({ 2: "testing" })]).toEqual([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
});

it("reads what it has written", () => {
  const fields = fc.record({
    text: fc.string({ unit: "grapheme" }),
    bytes: fc.uint8Array(),
    integer: fc.maxSafeInteger().map(Math.abs),
    list: fc.array(fc.string()),
    map: fc.dictionary(fc.string(), fc.string()),
  });
  fc.assert(
    fc.property(fields, ({ text, bytes, integer, list, map }) => {
      const message = new Message(encode({ 1: text, 2: bytes, 3: integer, 4: list, 500: map, 6: undefined }));
      expect(message.text(1)).toBe(text);
      expect(Buffer.from(message.bytes(2) ?? [])).toEqual(Buffer.from(bytes));
      expect(message.integer(3)).toBe(integer);
      expect(message.texts(4)).toEqual(list);
      expect(message.map(500)).toEqual(new Map(Object.entries(map)));
      expect(message.has(6)).toBe(false);
    }),
  );
});

it("fails on bytes that are no message", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      try {
        new Message(bytes);
      } catch (cause) {
        expect(cause).toBeInstanceOf(RangeError);
      }
    }),
  );
  expect(() => new Message(Uint8Array.of(0x12, 0x7f, 1))).toThrow(RangeError);
});
