/**
 * One difference between two schemas. `backward`: every value that the first accepts is, as far as this rule goes, accepted
 * by the second, so that new readers read old data; `forward`: the other way round, so that old readers read new data.
 */
export interface SchemaChange {
  /** Where: `/properties/priority`. */
  readonly path: string;
  readonly change: string;
  readonly backward: boolean;
  readonly forward: boolean;
}
