/** One difference between two schemas. */
export interface SchemaChange {
  /** Where it is in the schemas, as a JSON pointer: `/properties/priority`; `/` for the whole. */
  readonly path: string;
  /** The difference in words. */
  readonly change: string;
  /** Whether the second schema accepts, as far as this rule goes, every value that the first one does: new readers read old data. */
  readonly backward: boolean;
  /** The other way round: old readers read new data. */
  readonly forward: boolean;
}

/** The change of a rule at a path, of which `""` is the whole schema. */
export function changeAt(path: string, change: string, backward: boolean, forward: boolean): SchemaChange {
  return { path: path === "" ? "/" : path, change, backward, forward };
}
