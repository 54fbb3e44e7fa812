/** Where the reading of a source begins, and what becomes of an end that may not be one. */
export interface Beginning {
  /** Source offset of the first byte that the input gives, and its line. Default: 0 and 1. */
  readonly from?: number;
  readonly line?: number;
  /**
   * Leaves what the end of the input may have cut off: a document that is not whole, a number or a literal that touches the
   * end, a broken line or a row of CSV without a line feed. Default: it is handed over.
   */
  readonly hold?: boolean;
}
