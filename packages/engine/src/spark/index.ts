export type { SparkProgress } from "./connect/operation.ts";
export type { RetryPolicy } from "./connect/retry.ts";
export { openSpark } from "./engine.ts";
export type { SparkOptions } from "./settings.ts";
export { sparkDialect } from "./sql/dialect.ts";
