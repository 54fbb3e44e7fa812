export {
  aggregatePath,
  bronzePath,
  dailyPath,
  firstPartOf,
  kpisPath,
  partSuffix,
  profilePath,
  qualityPath,
  quarantinePath,
  reportPath,
  type SilverFormat,
  silverPath,
  weeklyPath,
} from "./layout.ts";
export { checkSafeName, decodeName, encodeName, isSafeName } from "./names.ts";
export { LAKE_FOLDERS, type LakePath, resolveInLake } from "./paths.ts";
export { nameFile, readName } from "./registered-names.ts";
