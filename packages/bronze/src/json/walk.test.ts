import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { membersOf, wrappedIn } from "./walk.ts";

function members(text: string): string[] {
  const bytes = Buffer.from(text);
  return [...membersOf(bytes, 0, bytes.length)].map(({ start, end }) => bytes.toString("utf8", start, end));
}

function wrapped(text: string, key: string): string[] | null {
  const bytes = Buffer.from(text);
  const found: string[] = [];
  const records = wrappedIn(bytes, 0, bytes.length, Buffer.from(key));
  let record = records.next();
  for (; record.done !== true; record = records.next()) {
    found.push(bytes.toString("utf8", record.value.start, record.value.end));
  }
  return record.value === 0 ? null : found;
}

describe("membersOf", () => {
  it("gives the text of each member", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1), (values, indentation) => {
        const texts = members(JSON.stringify(values, null, indentation));
        expect(texts.map((text): unknown => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
    expect(members('[ 1 ,"a]\\"," , [ 2 ] ,{ } ]')).toEqual(["1", '"a]\\","', "[ 2 ]", "{ }"]);
  });
});

describe("wrappedIn", () => {
  it.each([
    ['{"tasks":[1,{"a":2}]}', ["1", '{"a":2}']],
    ['{"queue":{"tasks":[{"a":1}]},"tasks":[{"b":2}]}', ['{"a":1}', '{"b":2}']],
    ['{"tasks":[{"id":0,"tasks":[{"a":1}]}]}', ['{"id":0,"tasks":[{"a":1}]}', '{"a":1}']],
    ['[[{"t\\u0061sks" : [ {} ]}]]', ["{}"]],
    ['{"tasks":[]}', []],
    ['{"tasks":{"tasks":[{"a":4}]}}', ['{"a":4}']],
    ['{"tasks":["only","text",[]]}', null],
    ['{"tasks":[["text",{"tasks":[{"a":5}]}]]}', ['{"a":5}']],
    ['{"tasks":"no","a":["tasks",[{}]]}', null],
    ['{"Tasks":[{}]}', null],
    ['{"a":"\\"tasks\\":[{}]"}', null],
  ])("finds the arrays of records under the key in %s", (text, expected) => {
    expect(wrapped(text, "tasks")).toEqual(expected);
  });
});
