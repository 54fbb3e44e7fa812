import { recordText, type TaskState } from "./task.ts";

/** The ways in which a record can be broken; each makes one line of a good state, which must not get into silver. */
export const BROKEN: Readonly<Record<string, (state: TaskState) => string>> = {
  "cut off": (state) => recordText(state).slice(0, 120),
  "not JSON": (state) => `WARN ${state.updatedAt} queue is full, task lost`,
  "not an object": (state) => `"${state.status} since ${state.updatedAt}"`,
  "no task": (state) => recordText(state).replace(/"task_id":"[^"]*",/, ""),
  "empty task": (state) => recordText(state).replace(/"task_id":"[^"]*"/, '"task_id":""'),
  "no status": (state) => `${state.head},"updated_at":"${state.updatedAt}"${state.tail}`,
  "status of the wrong type": (state) => `${state.head},"status":7,"updated_at":"${state.updatedAt}"${state.tail}`,
  "no such date": (state) => recordText({ ...state, updatedAt: `2025-02-30${state.updatedAt.slice(10)}` }),
  "time in another form": (state) =>
    `${state.head},"status":"${state.status}","updated_at":"27/11/2025 10:00"${state.tail}`,
  "a key twice": (state) => recordText({ ...state, tail: `,"status":"failed"${state.tail}` }),
};
