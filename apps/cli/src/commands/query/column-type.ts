import { identifier, join, type Sql, sql } from "@medallion/engine";
import { toJsonSchema } from "@medallion/schema";
import type { z } from "zod";

/** The type of a column that holds a member of a document. */
export type DocumentType =
  | { readonly kind: "text" | "integer" | "double" | "boolean" | "json" }
  | { readonly kind: "list"; readonly item: DocumentType }
  | { readonly kind: "map"; readonly value: DocumentType }
  | { readonly kind: "struct"; readonly members: readonly DocumentMember[] };

export interface DocumentMember {
  readonly name: string;
  readonly type: DocumentType;
}

/** The members of a document, in the order of its schema. */
export function documentMembers(schema: z.ZodType): readonly DocumentMember[] {
  const type = typeOf(toJsonSchema(schema));
  if (type.kind !== "struct") throw new TypeError("A document's schema must be that of an object.");
  return type.members;
}

const SCALARS: Readonly<Record<string, DocumentType>> = {
  string: { kind: "text" },
  integer: { kind: "integer" },
  number: { kind: "double" },
  boolean: { kind: "boolean" },
};

function typeOf(schema: unknown): DocumentType {
  if (!isRecord(schema)) return { kind: "json" };
  const options = Array.isArray(schema.anyOf) ? schema.anyOf : null;
  if (options !== null) return typeOfOptions(options);
  const [name, ...others] = [schema.type].flat().filter((type) => type !== "null");
  if (others.length > 0) return { kind: "json" };
  if (name === "array") return { kind: "list", item: typeOf(schema.items) };
  if (name === "object") return typeOfObject(schema);
  return (typeof name === "string" ? SCALARS[name] : undefined) ?? { kind: "json" };
}

function typeOfOptions(options: readonly unknown[]): DocumentType {
  const types = options.filter((option) => !isRecord(option) || option.type !== "null").map(typeOf);
  const [first] = types;
  if (first !== undefined && types.every((type) => JSON.stringify(type) === JSON.stringify(first))) return first;
  const numbers = types.every(({ kind }) => kind === "integer" || kind === "double");
  return { kind: numbers && types.length > 0 ? "double" : "json" };
}

function typeOfObject(schema: Record<string, unknown>): DocumentType {
  if (isRecord(schema.properties)) {
    return {
      kind: "struct",
      members: Object.entries(schema.properties).map(([name, type]) => ({ name, type: typeOf(type) })),
    };
  }
  return isRecord(schema.additionalProperties)
    ? { kind: "map", value: typeOf(schema.additionalProperties) }
    : { kind: "json" };
}

const NAMES = {
  text: sql`VARCHAR`,
  integer: sql`BIGINT`,
  double: sql`DOUBLE`,
  boolean: sql`BOOLEAN`,
  json: sql`JSON`,
};

/** The type's name in the engine. */
export function typeName(type: DocumentType): Sql {
  switch (type.kind) {
    case "list":
      return sql`${typeName(type.item)}[]`;
    case "map":
      return sql`MAP(VARCHAR, ${typeName(type.value)})`;
    case "struct":
      return sql`STRUCT(${join(type.members.map((member) => sql`${identifier(member.name)} ${typeName(member.type)}`))})`;
    default:
      return NAMES[type.kind];
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
