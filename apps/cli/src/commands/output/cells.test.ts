import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNumber, jsonOf, spreadsheetText, textOf } from "./cells.ts";

describe("cells", () => {
  it("are JSON with every digit", () => {
    expect(jsonOf(12345678901234567890n)).toBe("12345678901234567890");
    expect(jsonOf({ kind: "number", text: "1.50" })).toBe("1.50");
    expect(jsonOf({ kind: "json", text: '{"a":\n1}' })).toBe('{"a": 1}');
    expect(jsonOf([null, true, "x", new Map([["k", 1]])])).toBe('[null,true,"x",{"k":1}]');
    expect(jsonOf(new Map([["__proto__", "x"]]))).toBe('{"__proto__":"x"}');
    expect(textOf(null)).toBe("");
    expect(textOf("a,b")).toBe("a,b");
    expect(isNumber({ kind: "json", text: "1" })).toBe(false);
  });

  it("are no formula in a spreadsheet", () => {
    for (const text of ["-5", "+1.5", "-1e9", "plain", "", "a=b"]) expect(spreadsheetText(text)).toBe(text);
    for (const text of ["=1", "+a", "-a", "@x", "\tx", "\rx", "-1+1", "=", "--1"]) {
      expect(spreadsheetText(text)).toBe(`'${text}`);
    }
    fc.assert(fc.property(fc.string(), (text) => !/^[=@\t\r]/.test(spreadsheetText(text))));
  });
});
