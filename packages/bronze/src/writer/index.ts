export type { BronzeTarget } from "./appender.ts";
export { type BronzeWriter, openWriter, type Receipt, type WriterOptions } from "./writer.ts";
