import { isObject, type JsonObject } from "../../json-object.ts";
import type { JsonSchema } from "../../json-schema.ts";
import { canonical, canonicalValue, meaning, plainText, type Schema } from "./canonical.ts";
import { compareBounds } from "./compare-bounds.ts";
import { changeAt, type SchemaChange } from "./schema-change.ts";

/** Who can read whose data: both (`full`), new readers old data (`backward`), old readers new data (`forward`), or neither. */
export type Compatibility = "full" | "backward" | "forward" | "none";

/** How two schemas differ, rule by rule. */
export interface SchemaDiff {
  readonly compatibility: Compatibility;
  readonly changes: readonly SchemaChange[];
}

/** Keywords whose meaning depends on that of others beside them. */
const ENTANGLED = [
  "patternProperties",
  "unevaluatedProperties",
  "prefixItems",
  "additionalItems",
  "unevaluatedItems",
  "if",
];
/** Keywords that only narrow, so that one which is added or removed is compatible one way. */
const NARROWING = ["pattern", "format", "multipleOf", "not", "propertyNames"];

/**
 * Compares two JSON Schemas (draft-07 or 2020-12), the old one and the new one. What is said to be compatible is; a rule that
 * cannot be compared, such as `$ref` or a changed `pattern`, counts as incompatible both ways.
 */
export function diffJsonSchemas(before: JsonSchema, after: JsonSchema): SchemaDiff {
  const changes = compare(before, after, "");
  const backward = changes.every((change) => change.backward);
  const forward = changes.every((change) => change.forward);
  const compatibility = backward && forward ? "full" : backward ? "backward" : forward ? "forward" : "none";
  return { compatibility, changes };
}

function compare(before: Schema, after: Schema, path: string): SchemaChange[] {
  if (canonical(before) === canonical(after)) return [];
  if (typeof before === "boolean" || typeof after === "boolean" || accepts(before) || accepts(after)) {
    if (accepts(before) && accepts(after)) return [];
    const [all, none] = [accepts(before) || after === false, accepts(after) || before === false];
    return [changeAt(path, `${shown(before)} became ${shown(after)}`, none, all)];
  }
  const [old, now] = [alternatives(before), alternatives(after)];
  if (old.length > 1 || now.length > 1) return compareAlternatives(old, now, path);
  const entangled = ENTANGLED.find((keyword) => keyword in before || keyword in after);
  if (entangled !== undefined) {
    return [changeAt(path, `changed, and with "${entangled}" it cannot be told how`, false, false)];
  }
  return [...compareType(before, after, path), ...compareKeywords(before, after, path)];
}

function accepts(schema: Schema): boolean {
  return schema === true || canonical(schema) === "{}";
}

/** A schema as the alternatives of `anyOf` and of a list of types; each stands for itself. */
function alternatives(schema: JsonObject): JsonObject[] {
  const { anyOf, type, ...rest } = schema;
  if (Array.isArray(anyOf) && anyOf.every(isObject) && Object.keys(meaning(rest)).length === 0 && type === undefined) {
    return anyOf.flatMap((option) => alternatives(option));
  }
  if (anyOf !== undefined) return [schema];
  return Array.isArray(type) ? type.map((one: unknown) => ({ ...rest, type: one })) : [schema];
}

function compareAlternatives(old: readonly JsonObject[], now: readonly JsonObject[], path: string): SchemaChange[] {
  const same = new Set(old.map(canonical).filter((text) => now.some((other) => canonical(other) === text)));
  const left = old.filter((schema) => !same.has(canonical(schema)));
  const right = now.filter((schema) => !same.has(canonical(schema)));
  const changes: SchemaChange[] = [];
  for (const schema of left) {
    const partner = right.findIndex((other) => other.type !== undefined && other.type === schema.type);
    const [other] = partner === -1 ? [] : right.splice(partner, 1);
    if (other === undefined) changes.push(changeAt(path, `no longer accepts ${shown(schema)}`, false, true));
    else changes.push(...compare(schema, other, path));
  }
  changes.push(...right.map((schema) => changeAt(path, `also accepts ${shown(schema)}`, true, false)));
  return changes;
}

function compareType(before: JsonObject, after: JsonObject, path: string): SchemaChange[] {
  const [old, now] = [before.type, after.type];
  if (canonicalValue("type", old) === canonicalValue("type", now)) return [];
  const wider = now === undefined || (old === "integer" && now === "number");
  const narrower = old === undefined || (now === "integer" && old === "number");
  return [changeAt(path, `type ${shown(old ?? "any")} became ${shown(now ?? "any")}`, wider, narrower)];
}

function compareKeywords(before: JsonObject, after: JsonObject, path: string): SchemaChange[] {
  const keywords = [...new Set([...Object.keys(meaning(before)), ...Object.keys(meaning(after))])];
  return keywords.flatMap((keyword): SchemaChange[] => {
    const [old, now] = [before[keyword], after[keyword]];
    if (keyword === "type" || canonicalValue(keyword, old) === canonicalValue(keyword, now)) return [];
    switch (keyword) {
      case "properties":
        return compareProperties(before, after, path);
      case "required":
        return compareRequired(namesOf(old), namesOf(now), path);
      case "enum":
      case "const":
        return compareValues(before, after, keyword, path);
      case "allOf":
        return compareAll(listOf(old), listOf(now), `${path}/allOf`);
      case "items":
      case "additionalProperties":
        return compare(schemaOf(old), schemaOf(now), `${path}/${keyword}`);
      default:
        return compareBounds(keyword, old, now, path) ?? [cannotTell(path, keyword, old, now)];
    }
  });
}

/** A property that only one of the schemas names is in the other one what that says of additional properties. */
function compareProperties(before: JsonObject, after: JsonObject, path: string): SchemaChange[] {
  const [old, now] = [membersOf(before.properties), membersOf(after.properties)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const place = `${path}/properties/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const was = old.get(name) ?? schemaOf(before.additionalProperties);
    const is = now.get(name) ?? schemaOf(after.additionalProperties);
    return compare(was, is, place);
  });
}

function compareRequired(old: readonly string[], now: readonly string[], path: string): SchemaChange[] {
  const added = now.filter((name) => !old.includes(name));
  const removed = old.filter((name) => !now.includes(name));
  return [
    ...added.map((name) => changeAt(path, `${shown(name)} became required`, false, true)),
    ...removed.map((name) => changeAt(path, `${shown(name)} is no longer required`, true, false)),
  ];
}

/** `const` is an `enum` of one value; where there is neither, any value is accepted. */
function compareValues(before: JsonObject, after: JsonObject, keyword: string, path: string): SchemaChange[] {
  const [old, now] = [before[keyword], after[keyword]];
  if (before[keyword === "enum" ? "const" : "enum"] !== after[keyword === "enum" ? "const" : "enum"]) {
    return [cannotTell(path, keyword, old, now)];
  }
  if (old === undefined) return [changeAt(path, `accepts only ${shown(now)}`, false, true)];
  if (now === undefined) return [changeAt(path, `accepts more than ${shown(old)}`, true, false)];
  const values = (value: unknown) =>
    (keyword === "const" ? [value] : Array.isArray(value) ? value : []).map((item) => plainText(item));
  const added = values(now).filter((value) => !values(old).includes(value));
  const removed = values(old).filter((value) => !values(now).includes(value));
  return [
    ...(added.length === 0 ? [] : [changeAt(path, `also accepts ${added.join(", ")}`, true, false)]),
    ...(removed.length === 0 ? [] : [changeAt(path, `no longer accepts ${removed.join(", ")}`, false, true)]),
  ];
}

function compareAll(old: readonly Schema[], now: readonly Schema[], path: string): SchemaChange[] {
  const texts = [old.map(canonical), now.map(canonical)] as const;
  const left = old.filter((schema) => !texts[1].includes(canonical(schema)));
  const right = now.filter((schema) => !texts[0].includes(canonical(schema)));
  if (left.length === right.length) return left.flatMap((schema, index) => compare(schema, right[index] ?? true, path));
  return [
    ...left.map((schema) => changeAt(path, `no longer asks for ${shown(schema)}`, true, false)),
    ...right.map((schema) => changeAt(path, `also asks for ${shown(schema)}`, false, true)),
  ];
}

function cannotTell(path: string, keyword: string, old: unknown, now: unknown): SchemaChange {
  const words = `"${keyword}" changed from ${shown(old ?? "none")} to ${shown(now ?? "none")}`;
  const narrows = NARROWING.includes(keyword);
  return changeAt(path, words, narrows && now === undefined, narrows && old === undefined);
}

function membersOf(value: unknown): Map<string, Schema> {
  return new Map(isObject(value) ? Object.entries(value).map(([name, schema]) => [name, schemaOf(schema)]) : []);
}

function listOf(value: unknown): Schema[] {
  return Array.isArray(value) ? value.map(schemaOf) : [];
}

function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}

function schemaOf(value: unknown): Schema {
  return typeof value === "boolean" ? value : isObject(value) ? value : true;
}

const LONGEST_SHOWN = 100;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
