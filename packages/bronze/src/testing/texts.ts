import fc from "fast-check";

/** JSON texts and texts that are nearly JSON. */
export const nearlyJson: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value, null, 2)),
    ),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(2),
        fc.constantFrom(...'{}[]:,"\\/ \t\r\n019.-+eEtrufalsn\u0000\u007fé€😀\ufeffud8', "\\ud83d\\ude00", "\\u00e9"),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((edited, [place, removed, added]) => {
      const at = place % (edited.length + 1);
      return edited.slice(0, at) + added + edited.slice(at + removed);
    }, text),
  )
  .filter((text) => !/\p{Surrogate}/u.test(text));

/** Lines in which documents open, close and break in every way. */
export const bracketLines: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      "[",
      "]",
      "{",
      "}",
      '"k":',
      "1",
      ",",
      "\n",
      "\n",
      "\n",
      " ",
      '"s"',
      "{}",
      "[]",
      '{"a":1}',
      "x",
      "\r",
      "é",
    ),
    {
      maxLength: 40,
    },
  )
  .map((pieces) => pieces.join(""));

/** Lines of which most are objects as a program writes them, and some are nearly so. */
export const lineTexts: fc.Arbitrary<string[]> = fc.array(
  fc.oneof(
    fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify({ a: value })),
    fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })).map((value) => JSON.stringify(value)),
    nearlyJson.map((text) => `{"a":${text}}`),
    nearlyJson,
    fc.constantFrom(
      '{"layer":1}',
      '{"a": 1, "b": [1, 2]}',
      '{"raw":""}',
      "{}",
      '{"a":1 }',
      '{"a":1}\r',
      '{"a":1}x',
      "",
    ),
  ),
  { maxLength: 12 },
);

/** Arrays of which most members are objects as a program writes them, with all that may stand between members; some are broken. */
export const arrayTexts: fc.Arbitrary<string> = fc
  .tuple(
    lineTexts.map((lines) => lines.filter((line) => line.trim() !== "")),
    fc.constantFrom(",", ",", ", ", ",\n", ",\r\n", " ,", ",  ", ",\n  "),
    fc.array(fc.constantFrom("", "", "", " ", "\n", ",")),
  )
  .map(([members, separator, extra]) => `[${members.map((member, n) => member + (extra[n] ?? "")).join(separator)}]`);
