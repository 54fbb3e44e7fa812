import { z } from "zod";
import { isObject, ownValue } from "../json-object.ts";
import { alignAbsent, alignMembers } from "./absent.ts";
import { brokenRules } from "./broken-rules.ts";
import type { Dataset } from "./dataset.ts";
import { describeCheck, describeMissing, describeSource } from "./describe.ts";
import type { DatasetField } from "./field.ts";
import { type Given, presentSource, resolveRecord } from "./resolve.ts";
import { expectedRule, RECORD_RULES, requiredRule, type Severity, validRule } from "./rules.ts";

/** A broken rule: its id, the field and the reason in words. */
export interface Violation {
  readonly rule: string;
  readonly field: string | null;
  readonly reason: string;
}

/**
 * What a data set's rules say of one record. When no rule is broken that would quarantine it, `record` holds the fields
 * of the contract after fall-backs; unknown fields, and optional ones that are wrong, are not in it.
 */
export type Verdict<T> =
  | { readonly ok: true; readonly record: T; readonly warnings: readonly Violation[] }
  | { readonly ok: false; readonly violations: readonly Violation[]; readonly warnings: readonly Violation[] };

/**
 * Checks the fields of one record as silver will: what would be quarantined (`violations`: a required field that is
 * missing or wrong) and what would be kept and counted (`warnings`: an optional field that is wrong, a value that is
 * not among the expected ones). Silver alone checks the text of the record and its bronze line (`record.json`,
 * `record.unique_keys`, `record.ingested_at`) and the computed fields, which need the lake's time zone. For the same
 * reason a rule over several fields is unknown here, and so kept, where it needs an instant without an offset.
 * Never throws, whatever the value is.
 *
 * @param value the record, as `JSON.parse` gives it
 * @param options.ingestedAt what bronze will give as `ingested_at`; default: now
 * @param options.part the name given at ingestion, such as an event type; default: none
 *
 * @example
 * const verdict = checkRecord(tasks, { id: "task-1", status: "completed" });
 * if (!verdict.ok) throw new Error(verdict.violations.map(({ reason }) => reason).join("; "));
 */
export function checkRecord<Shape extends z.core.$ZodShape>(
  dataset: Dataset<Shape>,
  value: unknown,
  options: { readonly ingestedAt?: string; readonly part?: string } = {},
): Verdict<z.infer<z.ZodObject<Shape>>> {
  const violations: Violation[] = [];
  const warnings: Violation[] = [];
  if (!isObject(value)) {
    const { id } = RECORD_RULES.object;
    return {
      ok: false,
      violations: [{ rule: id, field: null, reason: `${RECORD_RULES.object.description}, found ${found(value)}` }],
      warnings,
    };
  }
  const given: Given = { ingestedAt: options.ingestedAt ?? new Date().toISOString(), part: options.part ?? null };
  const severities = new Map<string, Severity>(dataset.rules.map(({ id, severity }) => [id, severity]));
  const report = (violation: Violation) =>
    (severities.get(violation.rule) === "warn" ? warnings : violations).push(violation);
  const resolved = resolveRecord(dataset, value, given.ingestedAt, given.part);
  const valid: Record<string, unknown> = Object.create(null);
  for (const field of dataset.fields) {
    const schema = ownValue(dataset.record.shape, field.name);
    if (schema === undefined) continue;
    const known = ownValue(dataset.expected, field.name);
    const member = resolved[field.name];
    const { fits, violation } = checkField(field, schema, known, member, () =>
      presentSource(field.sources, value, given),
    );
    if (fits) valid[field.name] = member;
    if (violation !== null) report(violation);
  }
  for (const { rule, reason } of brokenRules(dataset, valid)) report({ rule, field: null, reason });
  if (violations.length > 0) return { ok: false, violations, warnings };
  return { ok: true, record: dataset.record.parse(alignMembers(dataset.record.shape, valid)), warnings };
}

/**
 * What the rules of one field say of its value.
 * @param known the schema of the values known so far, if there is one
 * @param member the value; undefined when it is absent
 * @param source gives the name under which the record has the value
 */
function checkField(
  { name, required, check, expected, sources }: DatasetField,
  schema: z.core.$ZodType,
  known: z.core.$ZodType | undefined,
  member: unknown,
  source: () => string | undefined,
): { readonly fits: boolean; readonly violation: Violation | null } {
  const broken = (rule: string, reason: string): Violation => ({ rule, field: name, reason });
  if (member === undefined) {
    return { fits: false, violation: required ? broken(requiredRule(name), describeMissing(name, sources)) : null };
  }
  if (!z.safeParse(schema, member).success) {
    const reason = `${describeSource(source() ?? name)} must be ${describeCheck(check)}, found ${found(member)}`;
    return { fits: false, violation: broken(validRule(name), reason) };
  }
  if (expected === null || known === undefined || z.safeParse(known, alignAbsent(known, member)).success) {
    return { fits: true, violation: null };
  }
  const reason = `"${name}" should be ${describeCheck(expected)}, found ${found(member)}`;
  return { fits: true, violation: broken(expectedRule(name), reason) };
}

const LONGEST_SHOWN = 80;

/** A value in a few words; anything at all may come. */
function found(value: unknown): string {
  if (typeof value === "string") {
    return value.length > LONGEST_SHOWN ? `${JSON.stringify(value.slice(0, LONGEST_SHOWN))}…` : JSON.stringify(value);
  }
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
