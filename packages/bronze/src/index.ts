export type { BronzeErrorCode } from "./error-codes.ts";
export { BronzeError, type BronzeFacts } from "./errors.ts";
export { type IngestOptions, type IngestProgress, ingest } from "./ingest.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export type { IngestReport, RefusedSource, SourceReport } from "./report.ts";
export type { Source } from "./source/plan.ts";
export type { BronzeTarget } from "./writer/appender.ts";
export { type BronzeWriter, openWriter, type Receipt, type WriterOptions } from "./writer/writer.ts";
