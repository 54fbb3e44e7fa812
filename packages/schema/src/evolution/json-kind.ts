/** The types of JSON values (RFC 8259). */
export const JSON_KINDS = ["string", "number", "boolean", "object", "array", "null"] as const;

/** The type of a JSON value. */
export type JsonKind = (typeof JSON_KINDS)[number];
