import type { Column, ColumnTypes } from "../csv/header.ts";
import { CsvReader } from "../csv/records.ts";
import type { Limits } from "../limits.ts";
import type { SourceFormat } from "../source/plan.ts";
import type { Beginning } from "./beginning.ts";
import { RecordReader, type RecordSink } from "./records.ts";
import type { ByteInput } from "./window.ts";

/** How CSV is read. */
export interface CsvOptions {
  /**
   * Types of columns by name, as the data set's contract has them. A cell of an `integer` or `double` column that is exactly a
   * JSON number becomes that number, one of a `boolean` column that is `true` or `false` becomes that, one of a `json` column
   * that is a well-formed object or array is embedded. All other cells, and those of other columns, are strings.
   */
  readonly columns?: ColumnTypes;
}

/** Makes records of the bytes of a source. */
export interface SourceReader {
  /** Documents without the wrapper that `records` names. */
  readonly withoutWrapper: number;
  /** Source offset after what was handed over, and its line. */
  readonly position: { readonly offset: number; readonly line: number };
  /** Of a CSV source, once its header row was read. */
  readonly columns: readonly Column[] | null;
  /** Reads the next bytes of the source; false at its end. */
  read(): Promise<boolean>;
}

/** What a reader has to know beside the options of its format. */
export interface ReaderSettings extends Beginning {
  readonly limits: Limits;
  /** Size of the first buffer, in bytes. */
  readonly capacity: number;
  /** The columns, where the input begins behind the header row. */
  readonly columns?: readonly Column[];
}

/** A reader for a source of the format. */
export function openReader(
  format: SourceFormat,
  input: ByteInput,
  sink: RecordSink,
  options: { readonly records?: string; readonly csv?: CsvOptions },
  settings: ReaderSettings,
): SourceReader {
  switch (format) {
    case "json":
      return new RecordReader(input, sink, { records: options.records, ...settings });
    case "csv":
      return new CsvReader(input, sink, { types: options.csv?.columns ?? {}, ...settings });
    default:
      return format satisfies never;
  }
}
