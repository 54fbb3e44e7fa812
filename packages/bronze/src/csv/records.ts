import { isUtf8 } from "node:buffer";
import { isSpread } from "../json/compact.ts";
import { checkRecordSize, type Limits } from "../limits.ts";
import type { Beginning } from "../reader/beginning.ts";
import type { RecordSink } from "../reader/records.ts";
import type { ByteInput } from "../reader/window.ts";
import { JsonScanner } from "../scanner/scanner.ts";
import { cellsOf } from "./cells.ts";
import { type Column, type ColumnTypes, invalid, readHeader } from "./header.ts";
import { RowReader, type RowVisitor } from "./rows.ts";
import { jsonOf, needsNoEscape } from "./values.ts";

/** How the rows of a CSV source become records. */
export interface CsvReaderOptions extends Beginning {
  readonly types: ColumnTypes;
  readonly limits: Limits;
  /** Size of the first buffer, in bytes. */
  readonly capacity: number;
  /** The columns, where the input begins behind the header row. */
  readonly columns?: readonly Column[];
}

/** Reads the rows of a CSV source with a header row into a sink, each as a JSON object. */
export class CsvReader implements RowVisitor {
  /** A row has no wrapper to miss. */
  readonly withoutWrapper = 0;
  /** What the header row said; null before it was read. */
  columns: readonly Column[] | null;
  readonly #rows: RowReader;
  readonly #scanner: JsonScanner;
  readonly #sink: RecordSink;
  readonly #types: ColumnTypes;
  readonly #recordBytes: number;

  constructor(input: ByteInput, sink: RecordSink, options: CsvReaderOptions) {
    this.#rows = new RowReader(input, this, { ...options, rowBytes: options.limits.recordBytes });
    this.#scanner = new JsonScanner(options.limits.nesting);
    this.#sink = sink;
    this.#types = options.types;
    this.#recordBytes = options.limits.recordBytes;
    this.columns = options.columns ?? null;
  }

  get position(): { readonly offset: number; readonly line: number } {
    return this.#rows.position;
  }

  /**
   * Reads the next bytes of the source; false at its end.
   *
   * @throws BronzeError `CSV_HEADER_INVALID`, `RECORD_TOO_LARGE`, and what the input and the sink throw
   */
  read(): Promise<boolean> {
    return this.#rows.read();
  }

  ready(): Promise<void> | null {
    return this.#sink.ready();
  }

  row(bytes: Buffer, start: number, end: number, line: number, base: number): void {
    if (start === end) return;
    this.#checkSize(end - start, line, base + start);
    const row = bytes.subarray(start, end);
    if (this.columns === null) {
      this.columns = readHeader(row, line, this.#types);
      return;
    }
    if (!isUtf8(row)) {
      this.#sink.raw(bytes, start, end, `expected UTF-8, found other bytes (line ${line})`);
      return;
    }
    const text = row.toString();
    const cells = cellsOf(text);
    if (cells.length === this.columns.length)
      this.#record(cells, needsNoEscape(text), this.columns, line, base + start);
    else {
      const found = `expected ${this.columns.length} cells as in the header, found ${cells.length} (line ${line})`;
      this.#sink.raw(bytes, start, end, found);
    }
  }

  broken(bytes: Buffer, start: number, end: number, line: number, base: number, error: string): void {
    this.#checkSize(end - start, line, base + start);
    if (this.columns === null) throw invalid(line, "with every quoted cell closed", "that it is broken");
    this.#sink.raw(bytes, start, end, error);
  }

  #record(cells: readonly string[], plain: boolean, columns: readonly Column[], line: number, byte: number): void {
    let members = "";
    let reserved = false;
    let wrapperOnly = true;
    let index = 0;
    for (const { key, role, type } of columns) {
      const cell = cells[index++] ?? "";
      if (cell === "") continue;
      members += `${members === "" ? "" : ","}${key}${jsonOf(cell, type, plain, this.#scanner)}`;
      if (role === "reserved") reserved = true;
      if (role !== "wrapper") wrapperOnly = false;
    }
    const object = Buffer.from(`{${members}}`);
    this.#checkSize(object.length, line, byte);
    if (reserved || (wrapperOnly && members !== "")) this.#sink.raw(object, 0, object.length, null);
    else this.#sink.object(object, 0, object.length, !plain && isSpread(object));
  }

  #checkSize(size: number, line: number, byte: number): void {
    if (size > this.#recordBytes) checkRecordSize(size, this.#recordBytes, { line, byte });
  }
}
