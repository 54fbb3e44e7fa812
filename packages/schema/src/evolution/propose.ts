import type { Dataset } from "../contract/dataset.ts";
import type { DatasetField } from "../contract/field.ts";
import type { FieldCheck } from "../contract/field-check.ts";
import { SILVER_FIELDS } from "../contract/layer-fields.ts";
import { type Profile, typesOf } from "./field-profile.ts";
import type { JsonKind } from "./json-kind.ts";
import { memberName, zodSource, zodSourceOfKind } from "./zod-source.ts";

/** A record's zod schema as source, before and after a proposal. */
export interface Proposal {
  /** Why each line is other than before, in words. */
  readonly reasons: readonly string[];
  readonly before: string;
  readonly after: string;
}

/**
 * Proposes a zod schema that knows what records hold: fields that the contract does not know, and types that it refuses.
 * The sources are TypeScript modules that export `record`. The time field stays as it is, for it must be an instant.
 */
export function proposeRecord(dataset: Dataset, profile: Profile): Proposal {
  const own = new Set(dataset.fields.flatMap(({ sources }) => sources));
  const reasons: string[] = [];
  const members = dataset.fields.map((field) => {
    const refused = field.name === dataset.time ? [] : refusedTypes(field, profile);
    if (refused.length > 0) reasons.push(`"${field.name}" also holds ${refused.join(" and ")}`);
    return memberSource(field, refused);
  });
  const taken = [...dataset.fields.map(({ name }) => name), ...Object.keys(dataset.computed), ...SILVER_FIELDS];
  const known = new Set(taken.map((name) => name.toLowerCase()));
  const added = profile.fields.flatMap((field) => {
    const types = typesOf(field);
    const folded = field.name.toLowerCase();
    if (own.has(field.name) || types.length === 0 || known.has(folded) || field.name === "__proto__") return [];
    known.add(folded);
    reasons.push(`"${field.name}" is new (${types.join(" or ")})`);
    return [`${memberName(field.name)}: ${unionOf(types.map(zodSourceOfKind))}.nullish(),`];
  });
  return {
    reasons,
    before: moduleOf(dataset.fields.map((field) => memberSource(field, []))),
    after: moduleOf([...members, ...added]),
  };
}

function memberSource(field: DatasetField, refused: readonly JsonKind[]): string {
  const own = zodSource(field.check);
  const schema = refused.length === 0 ? own : unionOf([own, ...refused.map(zodSourceOfKind)]);
  const optional = field.required || field.check.kind === "any" ? "" : ".nullish()";
  return `${memberName(field.name)}: ${schema}${optional},`;
}

function unionOf(sources: readonly string[]): string {
  const [first] = sources;
  return sources.length === 1 && first !== undefined ? first : `z.union([${sources.join(", ")}])`;
}

/** The types that values have under one of the field's names and that its check does not take. */
function refusedTypes({ sources, check }: DatasetField, { fields }: Profile): JsonKind[] {
  const found = fields.filter(({ name }) => sources.includes(name)).flatMap(typesOf);
  return [...new Set(found)].filter((type) => !takenTypes(check).includes(type));
}

function takenTypes(check: FieldCheck): readonly string[] {
  switch (check.kind) {
    case "any":
      return ["string", "number", "boolean", "object", "array"];
    case "instant":
    case "numericText":
    case "pattern":
    case "string":
      return ["string"];
    case "oneOf":
      return check.values.map((value) => typeof value);
    case "anyOf":
      return check.options.flatMap(takenTypes);
    case "number":
    case "boolean":
    case "object":
    case "array":
      return [check.kind];
    default:
      return check satisfies never;
  }
}

function moduleOf(members: readonly string[]): string {
  const body = members.map((member) => `  ${member}\n`).join("");
  const imported = [
    ...(body.includes("isoInstant()") ? ["isoInstant"] : []),
    ...(body.includes("numericText()") ? ["numericText"] : []),
  ];
  const own = imported.length === 0 ? "" : `import { ${imported.join(", ")} } from "@medallion/schema";\n`;
  return `${own}import { z } from "zod";\n\nexport const record = z.object({\n${body}});\n`;
}
