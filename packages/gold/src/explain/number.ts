import type { Evidence } from "./evidence.ts";
import type { ExplainableTask } from "./tasks.ts";

/** The records that a document is made of: all that were counted, and of the rows of silver the latest of each task. */
interface DocumentRecords {
  readonly all: readonly ExplainableTask[];
  readonly latest: readonly ExplainableTask[];
}

/** A number of a document, and how it comes about. */
export interface ExplainableNumber {
  /** Such as `by_master[security-master].completed`. */
  readonly path: string;
  /** Other ways to write the path. */
  readonly aliases: readonly string[];
  /** As the document says it. */
  readonly value: number | null;
  /** How it is computed, in words. */
  readonly formula: string;
  readonly evidence: (records: DocumentRecords) => Evidence;
}

/** A number of a group of a document, such as the `failed` of one of its masters. */
export interface GroupNumber {
  readonly name: string;
  readonly value: number | null;
  readonly formula: string;
  readonly evidence: (tasks: readonly ExplainableTask[]) => Evidence;
}

/** The paths under which a member of a list may be asked for: by the name alone, and with the name's key. */
export function memberPaths(list: string, key: string, name: string, member: string) {
  return { path: `${list}[${name}].${member}`, aliases: [`${list}[${key}=${name}].${member}`] };
}
