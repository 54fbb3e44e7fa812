import type { Dataset } from "@medallion/schema";
import { isJsonObject, type JsonObject, parseJsonObject } from "../json-object.ts";
import { counted } from "../terminal.ts";
import type { SetAside } from "./read.ts";

/** What could be done about a record that was set aside; null where nothing can be said. */
export function hintFor(dataset: Dataset, { rule, raw, isBase64 }: SetAside): string | null {
  if (rule === "record.retired_day")
    return "its day is retired: keep silver longer, or take the record as it is in bronze";
  if (rule === "record.unique_keys") return "write each key once where the record is made";
  const record = isBase64 ? null : parseJsonObject(raw);
  const [name, check] = splitRule(rule);
  const field = dataset.fields.find((known) => known.name === name);
  if (record === null || field === undefined || check !== "required") return null;
  return wrapperHint(dataset, record) ?? nearNameHint(field.name, field.sources, record);
}

function splitRule(rule: string): readonly [string, string] {
  const dot = rule.lastIndexOf(".");
  return [rule.slice(0, dot), rule.slice(dot + 1)];
}

/** The record is a wrapper around records: one of its members is a list of objects with fields of the contract. */
function wrapperHint(dataset: Dataset, record: JsonObject): string | null {
  const names = new Set(dataset.fields.flatMap(({ sources }) => sources));
  for (const [key, value] of Object.entries(record)) {
    if (!Array.isArray(value)) continue;
    const members: readonly unknown[] = value;
    if (!members.some((member) => isJsonObject(member) && Object.keys(member).some((name) => names.has(name))))
      continue;
    return `the record has "${key}" with ${counted(members.length, "member")}: ingest with --records ${key}`;
  }
  return null;
}

/** The record has the field under a name that is spelled a little differently. */
function nearNameHint(name: string, sources: readonly string[], record: JsonObject): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const wanted = new Set(sources.map(plain));
  const near = Object.keys(record).find((key) => !sources.includes(key) && wanted.has(plain(key)));
  return near === undefined
    ? null
    : `the record has "${near}": write it as "${name}", or name it among the fall-backs of "${name}"`;
}
