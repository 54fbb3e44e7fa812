import { z } from "zod";
import { alignAbsent, alignMembers, isObject, ownValue } from "./absent.ts";
import type { Dataset } from "./dataset.ts";
import { describe } from "./describe.ts";
import { presentSource, resolveRecord } from "./resolve.ts";
import { expectedRule, RECORD_RULES, requiredRule, validRule } from "./rules.ts";

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
 * `record.unique_keys`, `record.ingested_at`) and the computed fields, which need the lake's time zone.
 * Never throws, whatever the value is.
 *
 * @param value the record, as `JSON.parse` gives it
 * @param options.ingestedAt what bronze will give as `ingested_at`; default: now
 *
 * @example
 * const verdict = checkRecord(tasks, { id: "task-1", status: "completed" });
 * if (!verdict.ok) throw new Error(verdict.violations.map(({ reason }) => reason).join("; "));
 */
export function checkRecord<Shape extends z.core.$ZodShape>(
  dataset: Dataset<Shape>,
  value: unknown,
  options: { readonly ingestedAt?: string } = {},
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
  const ingestedAt = options.ingestedAt ?? new Date().toISOString();
  const resolved = resolveRecord(dataset, value, ingestedAt);
  const valid: Record<string, unknown> = Object.create(null);
  for (const { name, required, check, expected, sources } of dataset.fields) {
    const schema = ownValue(dataset.record.shape, name);
    if (schema === undefined) continue;
    const member = resolved[name];
    if (member === undefined) {
      const others = sources.slice(1).map((source) => `, and so is "${source}"`);
      const reason = `"${name}" is missing or null${others.join("")}`;
      if (required) violations.push({ rule: requiredRule(name), field: name, reason });
      continue;
    }
    if (!z.safeParse(schema, member).success) {
      const source = presentSource(sources, value, ingestedAt) ?? name;
      const reason = `"${source}" must be ${describe(check)}, found ${found(member)}`;
      (required ? violations : warnings).push({ rule: validRule(name), field: name, reason });
      continue;
    }
    valid[name] = member;
    const known = ownValue(dataset.expected, name);
    if (expected !== null && known !== undefined && !z.safeParse(known, alignAbsent(known, member)).success) {
      const reason = `"${name}" should be ${describe(expected)}, found ${found(member)}`;
      warnings.push({ rule: expectedRule(name), field: name, reason });
    }
  }
  if (violations.length > 0) return { ok: false, violations, warnings };
  return { ok: true, record: dataset.record.parse(alignMembers(dataset.record.shape, valid)), warnings };
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
