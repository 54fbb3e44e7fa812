import { describe, expect, expectTypeOf, it } from "vitest";
import { checkRecord } from "../contract/verdict.ts";
import { TASK_STATUSES, type Task, tasks } from "./tasks.ts";

const least = { task_id: "task-1", status: "completed", timestamp: "2025-11-27T10:00:00Z" };
const rules = (value: unknown) => {
  const verdict = checkRecord(tasks, value);
  return [...(verdict.ok ? [] : verdict.violations), ...verdict.warnings].map(({ rule }) => rule);
};

describe("tasks", () => {
  it("accepts a task with an id and a status, taking the rest from where the older names have it", () => {
    const ingestedAt = "2025-11-27T10:00:00+00:00";
    const verdict = checkRecord(
      tasks,
      { id: "task-1", status: "queued", assigned_to: "security-master" },
      { ingestedAt },
    );
    const record = {
      task_id: "task-1",
      status: "queued",
      timestamp: ingestedAt,
      master: "security-master",
    };
    expect(verdict).toEqual({ ok: true, record, warnings: [] });
  });

  it("takes its time from the first of the times that is there", () => {
    const times = {
      updated_at: "2025-01-04T00:00:00Z",
      completed_at: "2025-01-03T00:00:00Z",
      created_at: "2025-01-02T00:00:00Z",
    };
    const timestamp = (record: object) => checkRecord(tasks, { ...least, timestamp: null, ...record });
    expect(timestamp(times)).toMatchObject({ record: { timestamp: times.updated_at } });
    expect(timestamp({ ...times, updated_at: null })).toMatchObject({ record: { timestamp: times.completed_at } });
    expect(timestamp({ created_at: times.created_at })).toMatchObject({ record: { timestamp: times.created_at } });
  });

  it("quarantines a time that is there and wrong, though another one would be right", () => {
    expect(rules({ ...least, timestamp: "soon", created_at: "2025-01-02T00:00:00Z" })).toEqual(["timestamp.valid"]);
    expect(rules({ ...least, timestamp: null, updated_at: "soon" })).toEqual(["timestamp.valid", "updated_at.valid"]);
  });

  it("says under which name a value was wrong, and under which names it was looked for", () => {
    const reasons = (value: object) => {
      const verdict = checkRecord(tasks, value);
      return verdict.ok ? [] : verdict.violations.map(({ reason }) => reason);
    };
    expect(reasons({ ...least, task_id: null, id: 7 })).toEqual(['"id" must be a non-empty string, found 7']);
    expect(reasons({ status: "queued" })).toEqual(['"task_id" is missing or null, and so is "id"']);
  });

  it("warns of a status that is not known and of an optional field that is wrong", () => {
    expect(rules({ ...least, status: "napping" })).toEqual(["status.expected"]);
    expect(rules({ ...least, priority: ["high"], created_at: "soon" })).toEqual(["priority.valid", "created_at.valid"]);
    for (const status of TASK_STATUSES) expect(rules({ ...least, status })).toEqual([]);
  });

  it("takes a priority in words or as a number, and any error", () => {
    for (const extra of [
      { priority: "high" },
      { priority: 3 },
      { error: "text" },
      { error: { code: 5 } },
      { error: null },
    ]) {
      expect(rules({ ...least, ...extra })).toEqual([]);
    }
  });

  it("trims nothing and folds no case", () => {
    expect(checkRecord(tasks, { ...least, task_id: " A " })).toMatchObject({ record: { task_id: " A " } });
    expect(rules({ ...least, status: "Completed" })).toEqual(["status.expected"]);
  });

  it("has the type of its record", () => {
    expectTypeOf<Task["task_id"]>().toBeString();
    expectTypeOf<Task["created_at"]>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<Task["priority"]>().toEqualTypeOf<string | number | null | undefined>();
  });
});
