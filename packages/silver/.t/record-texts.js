import fc from "fast-check";
/** Text as JSON, sometimes with every character escaped that can be. */
function spell(text, escaped) {
    if (!escaped)
        return JSON.stringify(text);
    const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
    return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
}
const EDGES = [
    ...[
        "",
        " ",
        "a",
        "ab",
        "abc",
        "abcd",
        "abcde",
        "low",
        "LOW",
        "é",
        "e\u0301",
        "😀",
        "😀😀",
        "a😀b",
        "👩‍👩‍👧",
        "\u0000",
        "a\u0000b",
    ],
    ...[
        "\u0001",
        "\u007f",
        "\n",
        "\r\n",
        "\t",
        "\u2028",
        "\uffff",
        "\ufeff",
        "\u{10ffff}",
        '"',
        "\\",
        "'",
        "''",
        "\\n",
        "{",
        "}",
    ],
    ...[
        "null",
        "true",
        "NULL",
        "1",
        "1e400",
        "NaN",
        "Infinity",
        "0x10",
        " 1",
        "completed",
        "canceled",
        "first",
        "second",
    ],
    ...["0b6f0a3e-38f8-4a35-9d0b-9a2f5f3f0c1e", "00000000-0000-0000-0000-000000000000", "2025-02-29", "2024-02-29"],
];
const DATES = [
    ...["2025-11-27", "2024-02-29", "2025-02-29", "2025-02-30", "2025-04-31", "0001-01-01", "0000-12-31", "9999-12-31"],
    ...["1900-02-29", "2000-02-29", "10000-01-01", "-001-01-01", "2025-13-01", "2025-00-10", "2025-1-1", "1969-12-31"],
    ...["20251127", "2025-W48-4", "2025-331", "epoch", "infinity"],
];
const TIMES = [
    ...[
        "10:00:00",
        "00:00:00",
        "23:59:59",
        "24:00:00",
        "23:59:60",
        "10:00",
        "1:00:00",
        "10:60:00",
        "25:00:00",
        "02:30:00",
    ],
    ...["10:00:00.1", "10:00:00.123456", "10:00:00.123456789", "10:00:00.1234567890", "10:00:00,5", "10:00:00."],
    ...["23:59:59.9999999", "00:00:00.000000001", "100000", "10"],
];
const OFFSETS = [
    ...["Z", "", "z", "+00:00", "-00:00", "+0530", "+05", "-11:00", "+14:00", "+18:00", "-18:00", "+1800", "+18", "-18"],
    ...[
        "+18:01",
        "-18:01",
        "+1801",
        "+17:59",
        "+23:59",
        "-23:59",
        "+24:00",
        "+05:60",
        "+5",
        "+5:30",
        " Z",
        "Z ",
        "Z\n",
        "\n",
    ],
    ...[" UTC", "+00:00:00", "[UTC]", " Europe/Berlin", "Europe/Berlin", "−05:00"],
];
/** Date-times of right and of odd shapes, dates and offsets. */
const instantTexts = fc
    .tuple(fc.oneof({ weight: 3, arbitrary: fc.constant("2025-11-27") }, { weight: 2, arbitrary: fc.constantFrom(...DATES) }), fc.oneof({ weight: 8, arbitrary: fc.constant("T") }, { weight: 1, arbitrary: fc.constantFrom("t", " ", "", "T ", "_") }), fc.oneof({ weight: 3, arbitrary: fc.constant("10:00:00") }, { weight: 2, arbitrary: fc.constantFrom(...TIMES) }), fc.oneof({ weight: 2, arbitrary: fc.constant("Z") }, { weight: 2, arbitrary: fc.constantFrom(...OFFSETS) }))
    .map((parts) => parts.join(""));
const texts = fc.oneof(fc.constantFrom(...EDGES), fc.string({ unit: "binary", maxLength: 6 }), fc.string({ unit: "grapheme", maxLength: 6 }), instantTexts);
/** Strings of any characters, as JSON. */
export const strings = fc
    .tuple(texts, fc.integer({ min: 0, max: 7 }))
    .map(([text, choice]) => spell(text, choice === 0));
/** Numbers in the spellings that JSON has. */
export const numbers = fc.oneof(fc.constantFrom(...[
    "0",
    "-0",
    "0.0",
    "-0.0",
    "1",
    "-1",
    "1.0",
    "1e0",
    "10E-1",
    "0.5",
    "1.5",
    "2",
    "3",
    "99",
    "100",
    "99.9999999999999999",
], ...["9007199254740991", "9007199254740992", "-9007199254740991", "-9007199254740992", "9007199254740991.4"], ...[
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e308",
    "1.8e308",
], ...[
    "1e400",
    "-1e400",
    "1e-400",
    "-1e-400",
    "5e-324",
    "2e-324",
    "1e99999999999999999999",
    "0e400",
    `1${"0".repeat(400)}`,
], ...[
    `0.${"0".repeat(400)}1`,
    `${"9".repeat(60)}`,
    "1.00000000000000000000000000000000000001",
    "170141183460469231731687303715884105728",
], ...[
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.7976931348623159e308",
    "0.1",
    "1e2",
    "1e23",
    "1e-7",
    "123456789.5",
]), fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)), fc.integer().map(String));
const names = fc.oneof({ weight: 4, arbitrary: fc.constantFrom("a", "x", "y", "k", "w", "n", "deep", "kind", "label", "1", "") }, {
    weight: 1,
    arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "a/b", "~1", "\u0000", "😀", '"', "$.a"),
}, { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) });
/** An object of members, of which no key stands twice. */
function objectText(members) {
    return `{${Array.from(new Map(members), ([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}
/** The JSON text of any value. */
export const anyValue = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: "small", withCrossShrink: true }, { weight: 4, arbitrary: strings }, { weight: 3, arbitrary: numbers }, { weight: 2, arbitrary: fc.constantFrom("null", "true", "false", "[]", "{}", '[""]', "[null]") }, { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(" , ")}]`) }, { weight: 2, arbitrary: fc.array(fc.tuple(names, tie("value")), { maxLength: 4 }).map(objectText) }),
})).value;
/** Date-times, nearly always right ones. */
export const instants = fc
    .oneof({
    weight: 9,
    arbitrary: fc.constantFrom(...[
        "2025-11-27T10:00:00Z",
        "2025-11-27T10:00:00.123456789+05:30",
        "2025-11-27T09:59:59-0800",
        "2024-02-29T23:00:00",
    ], ...[
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        "2025-03-30T02:30:00",
        "1969-12-31T23:59:59.5+01",
    ]),
}, { weight: 1, arbitrary: instantTexts })
    .map((text) => JSON.stringify(text));
/** A value that is nearly always one of the given JSON texts. */
export function oneOf(...values) {
    return fc.constantFrom(...values);
}
const own = new Set(["ingested_at", "layer", "source_file"]);
/** A record: every field is right, absent or anything at all; beside the fields stand others. */
export function recordTexts(values) {
    const fields = Object.entries(values).map(([name, right]) => fc
        .oneof({ weight: 30, arbitrary: right.map((value) => [name, value]) }, { weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constant([name, "null"]) }, { weight: 1, arbitrary: anyValue.map((value) => [name, value]) })
        .map((member) => (member === null ? [] : [member])));
    const others = fc.array(fc.tuple(names.filter((name) => !own.has(name)), anyValue), { maxLength: 2 });
    return fc
        .tuple(fc.tuple(...fields), others, fc.boolean())
        .map(([members, unknown, last]) => objectText(last ? [...members.flat(), ...unknown] : [...unknown, ...members.flat()]));
}
/** Values of an event's fields. */
export const eventValues = {
    event_id: oneOf('"event-1"', '"😀"', '""'),
    event_type: oneOf('"heartbeat"', '"\\u0000"', "null"),
    type: oneOf('"progress"', "null", "1"),
    timestamp: instants,
    task_id: strings,
    worker_id: strings,
    master: strings,
    source: strings,
    correlation_id: strings,
    severity: strings,
    payload: anyValue,
};
/** Values of a lineage event's fields. */
export const lineageValues = {
    lineage_id: strings,
    task_id: oneOf('"task-1"', '"😀"'),
    event_type: oneOf('"task_started"', '"x"'),
    timestamp: instants,
    parent_lineage_id: strings,
    trace_id: strings,
    operation_name: strings,
    actor: anyValue,
    started_at: instants,
    completed_at: instants,
};
/** Values of a measurement's fields. */
export const metricValues = {
    metric_id: oneOf('"metric-1"', '""', "null"),
    metric_name: oneOf('"tokens"', "null"),
    metric: oneOf('"latency"', '""'),
    metric_value: fc.oneof(numbers, numbers.map((text) => JSON.stringify(text))),
    value: fc.oneof(numbers, strings),
    timestamp: instants,
    master: oneOf('"security-master"', "null"),
    master_id: oneOf('"other"', "null"),
    unit: strings,
    labels: anyValue,
};
/** Values of a task's fields and of those that stand in for them. */
export const taskValues = {
    task_id: oneOf('"task-1"', '"😀"', '"\\u0000"'),
    id: oneOf('"task-2"', "null"),
    status: oneOf('"completed"', '"failed"', '"cancelled"', '"\\u0063ompleted"', '"Completed"'),
    timestamp: fc.oneof(fc.constant("null"), instants),
    updated_at: fc.oneof({ weight: 4, arbitrary: fc.constant("null") }, instants),
    created_at: instants,
    started_at: instants,
    completed_at: instants,
    master: oneOf('"security-master"', "null"),
    assigned_to: oneOf('"worker-1"', '""'),
    type: strings,
    priority: fc.oneof(strings, numbers),
    title: strings,
    description: strings,
    error: anyValue,
};
