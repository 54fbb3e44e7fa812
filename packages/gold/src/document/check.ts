import type { Lake, Transaction } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import type { z } from "zod";
import { GoldError } from "../errors.ts";

/** A document that was staged, and its place in the lake. */
export interface StagedDocument<T> {
  readonly path: LakePath;
  readonly document: T;
}

/**
 * Checks a document against its schema.
 * @throws GoldError DOCUMENT_INVALID
 */
export function checkDocument(schema: z.ZodType, document: unknown, path: LakePath): void {
  const checked = schema.safeParse(document);
  if (checked.success) return;
  const [issue] = checked.error.issues;
  const place = issue?.path.join(".") ?? null;
  throw new GoldError(
    "DOCUMENT_INVALID",
    `${path} does not fit its schema at ${place}: ${issue?.message}. Nothing was written; please report this.`,
    { file: path, path: place },
  );
}

/** Stages a document as JSON for people and programs. */
export async function stageDocument(
  place: { readonly lake: Lake; readonly transaction: Transaction },
  path: LakePath,
  document: object,
): Promise<void> {
  await place.lake.storage.write(await place.transaction.stage(path), `${JSON.stringify(document, null, 2)}\n`);
}
