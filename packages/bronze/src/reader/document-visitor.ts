import type { ObjectLines } from "../scanner/object-lines.ts";
import type { JsonScanner } from "../scanner/scanner.ts";

/** Takes what a source holds, in its order. */
export interface DocumentVisitor {
  /** A well-formed document, `bytes[start, end)`; `facts` is the scanner right after it. */
  document(bytes: Buffer, start: number, end: number, line: number, facts: JsonScanner): void;
  /** A line, without its line feed, that is not made of documents, and why. `base`: source offset of index 0. */
  broken(bytes: Buffer, start: number, end: number, line: number, base: number, error: string): void;
  /** Lines of one document each, for a visitor that need not look at each; null for one that does. */
  readonly lines: ((lines: ObjectLines) => void) | null;
  /** Asked after each call: a promise to wait for before the next one, or null. The bytes stay valid until it is kept. */
  ready(): Promise<void> | null;
}
