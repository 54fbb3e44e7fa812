export { type Day, isDay } from "./calendar.ts";
export {
  addDays,
  checkDay,
  type DayOptions,
  dayBounds,
  dayOfMicros,
  daysBetween,
  parseDay,
  parseDayRange,
  weekOf,
} from "./days.ts";
export { formatInstant, formatUtc, type Micros, nowMicros } from "./instants.ts";
export { checkTimeZone, sameTimeZone } from "./time-zones.ts";
