/** `warn`: keep and count. `quarantine`: set aside and count. `fail`: stop the run. */
export type Severity = "warn" | "quarantine" | "fail";

/** A named check. The id is stable: `<field>.<check>`, or `record.<check>` for the record as a whole. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly field: string | null;
  /** Whether a record that breaks it could be kept at all, so that the rule may be set to `warn`. */
  readonly mayWarn: boolean;
  /** What must hold, in words: `"status" must be a non-empty string`. */
  readonly description: string;
}

/** Rules of the record as a whole, the same for every data set. */
export const RECORD_RULES = {
  json: ofRecord("record.json", "the record must be well-formed JSON"),
  object: ofRecord("record.object", "the record must be a JSON object"),
  uniqueKeys: ofRecord("record.unique_keys", "no key may stand twice in the record"),
  ingestedAt: ofRecord("record.ingested_at", "the bronze line must have a valid ingested_at"),
  retiredDay: ofRecord("record.retired_day", "the day of the record must not be retired"),
} as const satisfies Record<string, Rule>;

/** The field is there and not null. */
export const requiredRule = (field: string): string => `${field}.required`;
/** The field is what its schema says. */
export const validRule = (field: string): string => `${field}.valid`;
/** The field is one of the values known so far. */
export const expectedRule = (field: string): string => `${field}.expected`;
/** The computed span is not negative. */
export const negativeRule = (field: string): string => `${field}.negative`;

function ofRecord(id: string, description: string): Rule {
  return { id, severity: "quarantine", field: null, mayWarn: false, description };
}
