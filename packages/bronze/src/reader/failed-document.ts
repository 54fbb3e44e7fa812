import type { JsonScanner, OpenBrackets } from "../scanner/scanner.ts";

/**
 * The document that failed furthest on in the source. A line inside it that begins with a bracket which was open where it
 * failed comes to the same failure: it need not be scanned to there again.
 */
export class FailedDocument {
  /** Why it failed, and where. */
  message = "";
  #brackets: OpenBrackets | null = null;
  /** The first of the brackets that is not before the line being read. */
  #next = 0;

  /** Notes that the document in the scanner failed. */
  note(scanner: JsonScanner, message: string): void {
    if (this.#brackets !== null && scanner.at <= this.#brackets.at) return;
    this.#brackets = scanner.innerBrackets();
    this.message = message;
    this.#next = 0;
  }

  /**
   * What is known of a document that begins with a bracket at a source offset: nothing; that it fails, with `message`; or, where
   * only the depth was too much, that it goes on after the failure, to which the scanner is taken (`resumed`).
   */
  recall(at: number, scanner: JsonScanner): "unknown" | "fails" | "resumed" {
    if (this.#brackets === null) return "unknown";
    const { offsets, tooDeep } = this.#brackets;
    while (this.#next < offsets.length && (offsets[this.#next] ?? 0) < at) this.#next++;
    if (offsets[this.#next] !== at) return "unknown";
    if (!tooDeep) return "fails";
    scanner.resume(this.#brackets, this.#next);
    return "resumed";
  }
}
