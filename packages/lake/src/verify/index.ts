export { verifyBronze } from "./bronze.ts";
export type { Difference, DifferenceKind } from "./difference.ts";
export { verifyFiles } from "./files.ts";
export { compareLines, type LineDifferences, type NumberedLine } from "./lines.ts";
export { type CommittedFile, type CommittedRange, type VerifiedLog, verifyLog } from "./log.ts";
