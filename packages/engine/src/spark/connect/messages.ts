import { encode, type FieldValue, type Message } from "./protobuf.ts";

/*
 * The messages of Spark Connect that are used here. The numbers are those of Spark's own .proto files.
 * Source: https://github.com/apache/spark/tree/master/sql/connect/common/src/main/protobuf/spark/connect
 */

/** Whose call it is: the first fields of every request. */
export interface Caller {
  readonly sessionId: string;
  readonly userId: string;
}

/** A relation that files are read as, without a statement. */
export interface FileRelation {
  readonly format: "text" | "parquet";
  readonly paths: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  /** The columns and hidden columns (`_metadata.file_path`) that are read; `*` for all. */
  readonly columns: readonly string[];
}

/** A directory that the rows of a query are written to, by the executors. */
export interface DirectoryWrite {
  readonly query: string;
  readonly format: "text" | "parquet";
  readonly path: string;
  readonly partitionBy: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

/** What the server is to do. */
export type Plan =
  | { readonly kind: "query"; readonly text: string }
  | { readonly kind: "command"; readonly text: string }
  | { readonly kind: "view"; readonly name: string; readonly relation: FileRelation }
  | { readonly kind: "write"; readonly write: DirectoryWrite };

const CLIENT_TYPE = "medallion";
const ERROR_IF_EXISTS = 3;
const INTERRUPT_OPERATION = 3;

export function executeRequest(
  caller: Caller,
  operationId: string,
  plan: Plan,
  serverSession: string | null,
): Uint8Array {
  return encode({
    ...common(caller),
    3: encodePlan(plan),
    4: CLIENT_TYPE,
    5: encode({ 1: encode({ 1: true }) }),
    6: operationId,
    ...(serverSession === null ? {} : { 8: serverSession }),
  });
}

export function reattachRequest(caller: Caller, operationId: string, lastResponseId: string | null): Uint8Array {
  return encode({
    ...common(caller),
    3: operationId,
    4: CLIENT_TYPE,
    ...(lastResponseId === null ? {} : { 5: lastResponseId }),
  });
}

export function releaseExecuteRequest(caller: Caller, operationId: string): Uint8Array {
  return encode({ ...common(caller), 3: operationId, 4: CLIENT_TYPE, 5: encode({}) });
}

export function releaseSessionRequest(caller: Caller): Uint8Array {
  return encode({ ...common(caller), 3: CLIENT_TYPE });
}

export function interruptRequest(caller: Caller, operationId: string): Uint8Array {
  return encode({ ...common(caller), 3: CLIENT_TYPE, 4: INTERRUPT_OPERATION, 6: operationId });
}

export function errorDetailsRequest(caller: Caller, errorId: string): Uint8Array {
  return encode({ ...common(caller), 3: errorId, 4: CLIENT_TYPE });
}

export function configureRequest(caller: Caller, settings: Readonly<Record<string, string>>): Uint8Array {
  return encode({ ...common(caller), 3: encode({ 1: encode({ 1: pairs(settings) }) }), 4: CLIENT_TYPE });
}

/** The text of an error and its class, from the answer about its details. */
export function errorDetails(message: Message): { readonly text: string; readonly errorClass: string } {
  const root = message.messages(2)[message.integer(1)];
  return { text: root?.text(2) ?? "", errorClass: root?.message(5)?.text(1) ?? "" };
}

function common(caller: Caller): Record<number, FieldValue> {
  return { 1: caller.sessionId, 2: encode({ 1: caller.userId }) };
}

function pairs(entries: Readonly<Record<string, string>>): Uint8Array[] {
  return Object.entries(entries).map(([key, value]) => encode({ 1: key, 2: value }));
}

function encodePlan(plan: Plan): Uint8Array {
  switch (plan.kind) {
    case "query":
      return encode({ 1: sqlRelation(plan.text) });
    case "command":
      return encode({ 2: encode({ 5: encode({ 6: sqlRelation(plan.text) }) }) });
    case "view":
      return encode({ 2: encode({ 3: encode({ 1: fileRelation(plan.relation), 2: plan.name, 4: true }) }) });
    case "write":
      return encode({ 2: encode({ 2: directoryWrite(plan.write) }) });
    default:
      return plan satisfies never;
  }
}

function sqlRelation(text: string): Uint8Array {
  return encode({ 10: encode({ 1: text }) });
}

function fileRelation({ format, paths, options, columns }: FileRelation): Uint8Array {
  const source = encode({ 1: format, 3: options, 4: paths });
  const read = encode({ 2: encode({ 2: source }) });
  const expressions = columns.map((name) =>
    name === "*" ? encode({ 5: encode({}) }) : encode({ 2: encode({ 1: name }) }),
  );
  return encode({ 3: encode({ 1: read, 3: expressions }) });
}

function directoryWrite({ query, format, path, partitionBy, options }: DirectoryWrite): Uint8Array {
  return encode({ 1: sqlRelation(query), 2: format, 3: path, 5: ERROR_IF_EXISTS, 7: partitionBy, 9: options });
}
