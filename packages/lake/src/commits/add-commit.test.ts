import { expect, test } from "vitest";
import { counts, range } from "../testing/lakes.ts";
import { addCommit } from "./add-commit.ts";
import type { Commit } from "./commit.ts";
import { emptyState } from "./state.ts";

const FILE = "bronze/raw-tasks/20251127.jsonl";

function commit(number: number, content: Partial<Commit>): Commit {
  return {
    format: 1,
    number,
    at: "2025-11-27T10:00:00.000000Z",
    command: "x",
    version: "1",
    reads: [],
    writes: [],
    removes: [],
    partitions: [],
    rules: {},
    ...content,
  };
}

function fold(...contents: Partial<Commit>[]) {
  const state = emptyState();
  for (const [index, content] of contents.entries()) addCommit(state, commit(index + 1, content), "file");
  return state;
}

test("ranges follow one another, and one from 0 starts again", () => {
  const first = range(FILE, 0, 10);
  const second = range(FILE, 10, 25, first.running);
  expect(fold({ reads: [first] }, { reads: [second] }).files.get(FILE)).toEqual({
    dataset: "tasks",
    offset: 25,
    lines: 25,
    running: second.running,
    retired: false,
  });
  const again = range(FILE, 0, 30);
  expect(fold({ reads: [first, second] }, { reads: [again] }).files.get(FILE)).toMatchObject({ offset: 30, lines: 30 });
});

test.each([
  ["a gap", [range(FILE, 0, 10), range(FILE, 11, 20, range(FILE, 0, 10).running)]],
  ["a start in the middle", [range(FILE, 5, 10)]],
  ["a wrong checksum", [range(FILE, 0, 10), range(FILE, 10, 20, "")]],
  ["a shorter reading", [range(FILE, 0, 10), range(FILE, 0, 9)]],
  ["another data set", [range(FILE, 0, 10), { ...range(FILE, 10, 20, range(FILE, 0, 10).running), dataset: "events" }]],
])("%s is refused", (_, reads) => {
  expect(() => fold({ reads })).toThrowError(expect.objectContaining({ code: "COMMIT_INVALID" }));
});

test("counts add up, and those of a rebuild replace them", () => {
  const a = { ...counts("tasks", "20251127", 5), rejects: { __proto__: 1 }, warnings: { w: 1 } };
  const b = {
    ...counts("tasks", "20251127", 3),
    superseded: 2,
    rows: 1,
    sources: ["bronze/raw-tasks/20251128.jsonl"],
    warnings: { w: 2, x: 1 },
  };
  const rules = { tasks: { version: "1", hash: "h" } };
  const added = fold({ partitions: [a], rules }, { partitions: [b] }).partitions.get("tasks/20251127");
  expect(added).toMatchObject({
    read: 8,
    accepted: 8,
    superseded: 2,
    rows: 6,
    warnings: { w: 3, x: 1 },
    sources: ["bronze/raw-tasks/20251127.jsonl", "bronze/raw-tasks/20251128.jsonl"],
    rules: rules.tasks,
    commit: 2,
  });
  const rebuilt = { ...counts("tasks", "20251127", 4), rebuilt: true };
  expect(fold({ partitions: [a] }, { partitions: [rebuilt] }).partitions.get("tasks/20251127")).toMatchObject({
    read: 4,
    rows: 4,
    rules: null,
    commit: 2,
  });
});

test("names that are special to objects are names like any other", () => {
  const odd = JSON.parse('{"__proto__":2,"constructor":1}');
  const state = fold(
    { partitions: [{ ...counts("tasks", "20251127", 3), rejects: odd }] },
    { partitions: [{ ...counts("tasks", "20251127", 3), rejects: odd }] },
  );
  expect(Object.entries(state.partitions.get("tasks/20251127")?.rejects ?? {})).toEqual([
    ["__proto__", 4],
    ["constructor", 2],
  ]);
});

test("gold documents are known by the commit that wrote them last", () => {
  const daily = { file: "gold/analytics/daily-20251127.json", bytes: 1, rows: null };
  const silver = { file: "silver/processed-tasks/20251127.jsonl", bytes: 1, rows: 1 };
  expect([...fold({ writes: [daily, silver] }, { writes: [daily] }).gold]).toEqual([[daily.file, { commit: 2 }]]);
  expect(fold({ writes: [daily] }, { removes: [daily.file] }).gold.size).toBe(0);
});

test("a bronze file that a commit removed stays known, and is a new file when it comes back", () => {
  const first = range(FILE, 0, 10);
  const removed = fold({ reads: [first] }, { removes: [FILE] });
  const was = { dataset: "tasks", offset: 10, lines: 10, running: first.running };
  expect(removed.files.get(FILE)).toEqual({ ...was, retired: true });
  const back = fold({ reads: [first] }, { removes: [FILE] }, { reads: [range(FILE, 0, 4)] });
  expect(back.files.get(FILE)).toMatchObject({ offset: 4, lines: 4, retired: false });
  const refused = expect.objectContaining({ code: "COMMIT_INVALID" });
  const onward = range(FILE, 10, 12, first.running);
  expect(() => fold({ reads: [first] }, { removes: [FILE] }, { reads: [onward] })).toThrowError(refused);
});

test("a retired partition keeps its counts, also when the rest is rebuilt, and gets no more rows", () => {
  const made = { partitions: [counts("tasks", "20251127", 5)], rules: { tasks: { version: "1", hash: "h" } } };
  const retired = { retired: [{ dataset: "tasks", day: "20251127" }] };
  const late = { ...counts("tasks", "20251127", 0), read: 2, quarantined: 2 };
  const empty = { ...counts("tasks", "20251127", 0), rebuilt: true, sources: [] };
  const of = (...contents: Partial<Commit>[]) => fold(...contents).partitions.get("tasks/20251127");
  expect(of(made)).toMatchObject({ rows: 5, retired: false });
  expect(of(made, retired)).toMatchObject({ read: 5, rows: 5, commit: 1, retired: true });
  expect(of(made, retired, { partitions: [late] })).toMatchObject({ read: 7, quarantined: 2, rows: 5, retired: true });
  expect(of(made, retired, { partitions: [empty] })).toEqual(of(made, retired));
  const refused = expect.objectContaining({ code: "COMMIT_INVALID" });
  expect(() => fold(made, retired, { partitions: [counts("tasks", "20251127", 1)] })).toThrowError(refused);
  expect(() => fold(made, retired, retired)).toThrowError(refused);
  expect(() => fold(retired)).toThrowError(refused);
});

test("numbers have no gap, and counts balance", () => {
  expect(() => addCommit(emptyState(), commit(2, {}), "file")).toThrowError(/expected number 1, found 2/);
  expect(() => fold({ partitions: [{ ...counts("tasks", "20251127", 3), read: 4 }] })).toThrowError(
    expect.objectContaining({ code: "COUNTS_DO_NOT_BALANCE" }),
  );
});
