import { z } from "zod";
import type { Dataset } from "./dataset.ts";
import { type JsonObject, resolveRecord } from "./resolve.ts";
import { expectedRule, RECORD_RULES, requiredRule, validRule } from "./rules.ts";

/** A broken rule: its id, the field and the reason in words. */
export interface Violation {
  readonly rule: string;
  readonly field: string | null;
  readonly reason: string;
}

/** What a data set's rules say of one record. `record` holds the fields after fall-backs, when nothing is broken. */
export type Verdict<T> =
  | { readonly ok: true; readonly record: T; readonly warnings: readonly Violation[] }
  | { readonly ok: false; readonly violations: readonly Violation[]; readonly warnings: readonly Violation[] };

/**
 * Checks one record as silver will: what would be quarantined (`violations`) and what would be kept and counted
 * (`warnings`; an optional field of the wrong type is one, and is left out of `record`).
 *
 * @param value the record, as `JSON.parse` gives it
 * @param options.ingestedAt what bronze will give as `ingested_at`; default: now
 */
export function checkRecord<Shape extends z.core.$ZodShape>(
  dataset: Dataset<Shape>,
  value: unknown,
  options: { readonly ingestedAt?: string } = {},
): Verdict<z.infer<z.ZodObject<Shape>>> {
  const violations: Violation[] = [];
  const warnings: Violation[] = [];
  if (!isObject(value)) {
    const { id, description } = RECORD_RULES.object;
    return { ok: false, violations: [{ rule: id, field: null, reason: description }], warnings };
  }
  const resolved = { ...resolveRecord(dataset, value, options.ingestedAt ?? new Date().toISOString()) };
  for (const { name, required, check } of dataset.fields) {
    const schema = dataset.record.shape[name];
    if (schema === undefined) continue;
    if (!(name in resolved)) {
      if (required) violations.push({ rule: requiredRule(name), field: name, reason: `"${name}" is missing or null` });
      else if (check.kind !== "any" && !z.safeParse(schema, undefined).success) resolved[name] = null;
      continue;
    }
    const result = z.safeParse(schema, resolved[name]);
    if (!result.success) {
      const reason = `"${name}" ${result.error.issues.map((issue) => issue.message).join("; ")}`;
      (required ? violations : warnings).push({ rule: validRule(name), field: name, reason });
      if (!required) delete resolved[name];
    } else if (!isExpected(dataset.expected[name], resolved[name])) {
      warnings.push({
        rule: expectedRule(name),
        field: name,
        reason: `"${name}" is ${JSON.stringify(resolved[name])}`,
      });
    }
  }
  if (violations.length > 0) return { ok: false, violations, warnings };
  return { ok: true, record: dataset.record.parse(resolved), warnings };
}

function isExpected(schema: z.core.$ZodType | undefined, value: unknown): boolean {
  return schema === undefined || z.safeParse(schema, value).success;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
