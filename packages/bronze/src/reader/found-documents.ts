import { skipWhiteSpace } from "../scanner/bytes.ts";
import type { JsonScanner } from "../scanner/scanner.ts";
import type { DocumentVisitor } from "./document-visitor.ts";
import type { Window } from "./window.ts";

/** The documents that were found on a line, which are handed over once all of the line is known to be documents. */
export class FoundDocuments {
  #count = 0;
  /** Source offset and line of the first one that was not handed over. */
  #next = 0;
  #line = 1;
  /** Source offset of the end of the first one. */
  #firstEnd = 0;
  /** Not all of the first one was scanned, so that the scanner does not know its keys. */
  #resumed = false;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** A document begins at a source offset. `resumed`: its scan goes on where that of an earlier document ended. */
  begin(at: number, line: number, resumed: boolean): void {
    if (this.#count > 0) return;
    this.#next = at;
    this.#line = line;
    this.#resumed = resumed;
  }

  /** The document that began is whole, and ends at a source offset. */
  add(end: number): void {
    if (this.#count++ === 0) this.#firstEnd = end;
  }

  /** Forgets all of them. */
  clear(): void {
    this.#count = 0;
  }

  /**
   * Hands over the next one; false when it was the last. A document that is alone was scanned just now; of several, each is
   * scanned again, for the facts that the visitor gets.
   *
   * @param until source offset after all of them
   */
  handOverNext({ bytes, base }: Window, scanner: JsonScanner, visitor: DocumentVisitor, until: number): boolean {
    const start = this.#next - base;
    const line = this.#line;
    let end = this.#firstEnd - base;
    if (this.#count === 1 && !this.#resumed) this.#next = until;
    else {
      scanner.begin(this.#next, line, 0);
      scanner.scan(bytes, until - base, true);
      end = scanner.at - base;
      this.#next = base + skipWhiteSpace(bytes, end, until - base);
      this.#line = scanner.line;
    }
    visitor.document(bytes, start, end, line, scanner);
    if (this.#next < until) return true;
    this.#count = 0;
    return false;
  }
}
