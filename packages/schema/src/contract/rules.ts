/** `warn`: keep and count. `quarantine`: set aside and count. `fail`: stop the run. */
export type Severity = "warn" | "quarantine" | "fail";

/** A named check. The id is stable: `<field>.<check>`, or `record.<check>` for the record as a whole. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly field: string | null;
  /** What must hold, in words: `"status" must be a non-empty string`. */
  readonly description: string;
}

/** Rules of the record as a whole, the same for every data set. */
export const RECORD_RULES = {
  json: { id: "record.json", severity: "quarantine", field: null, description: "the record must be well-formed JSON" },
  object: { id: "record.object", severity: "quarantine", field: null, description: "the record must be a JSON object" },
  uniqueKeys: {
    id: "record.unique_keys",
    severity: "quarantine",
    field: null,
    description: "no key may stand twice in the record",
  },
  ingestedAt: {
    id: "record.ingested_at",
    severity: "quarantine",
    field: null,
    description: "the bronze line must have a valid ingested_at",
  },
} as const satisfies Record<string, Rule>;

/** The field is there and not null. */
export const requiredRule = (field: string): string => `${field}.required`;
/** The field is what its schema says. */
export const validRule = (field: string): string => `${field}.valid`;
/** The field is one of the values known so far. */
export const expectedRule = (field: string): string => `${field}.expected`;
/** The computed span is not negative. */
export const negativeRule = (field: string): string => `${field}.negative`;
