const NEWLINE = 0x0a;

/** Counts the lines of a byte stream that comes in pieces. */
export class LineCounter {
  #lines = 0;
  #longest = 0;
  /** Of the line that the last piece ended in. */
  #length = 0;
  #hasContent = false;

  add(bytes: Buffer): void {
    let start = 0;
    while (start < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline === -1 ? bytes.length : newline;
      if (!this.#hasContent) this.#hasContent = hasContent(bytes, start, end);
      this.#length += end - start;
      if (newline !== -1) this.#endLine();
      start = end + 1;
    }
  }

  /** The lines that hold more than white space, and the length of the longest one without its newline. */
  end(): { lines: number; maxLineBytes: number } {
    if (this.#length > 0) this.#endLine();
    return { lines: this.#lines, maxLineBytes: this.#longest };
  }

  #endLine(): void {
    if (this.#hasContent) this.#lines++;
    if (this.#length > this.#longest) this.#longest = this.#length;
    this.#length = 0;
    this.#hasContent = false;
  }
}

/** White space of JSON: space, tab and carriage return. */
function hasContent(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return true;
  }
  return false;
}
