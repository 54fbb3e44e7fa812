/** Which files of its bronze folder a data set is made of, and the field that their names stand in for. */
export interface DatasetPart {
  /** The field that the name given at ingestion stands in for; null: none. */
  readonly field: string | null;
  /** The files with this name only; null: any. */
  readonly only: string | null;
  /** No file with one of these names. */
  readonly except: readonly string[];
}
