export { type DailyContext, dailyDocument } from "./daily/document.ts";
export { type DailyRows, dailyRows } from "./daily/rows.ts";
export { type DailyInput, type StageDailyOptions, stageDaily } from "./daily/stage.ts";
export { GoldError, type GoldErrorCode } from "./errors.ts";
export { percentage, percentilePlace, roundedQuotient } from "./exact.ts";
