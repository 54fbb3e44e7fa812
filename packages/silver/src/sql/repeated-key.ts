import { any, type Dialect, identifier, join, type Sql, sql } from "@medallion/engine";
import type { ContractSql } from "./fields.ts";

/**
 * Whether a key stands twice in the record or in an object that the contract looks into.
 * @param quick a condition under which a quicker way tells for the record itself, and that way
 */
export function hasRepeatedKey(
  dialect: Dialect,
  contract: ContractSql,
  quick: { readonly when: Sql; readonly repeats: Sql },
): Sql {
  const document = identifier("document");
  const known = contract.reader.names.map((name) => sql`CAST(${contract.reader.presence([name]).has} AS INTEGER)`);
  const atRoot = sql`CASE WHEN ${quick.when} THEN ${quick.repeats} WHEN key_count = ${join(known, sql` + `)} THEN false
    ELSE ${dialect.jsonHasRepeatedKey(document, [])} END`;
  const inside = contract.objects.map(
    (path) => sql`(${contract.reader.presence(path).is("object")} AND ${dialect.jsonHasRepeatedKey(document, path)})`,
  );
  return sql`coalesce(${any([atRoot, ...inside])}, false)`;
}
