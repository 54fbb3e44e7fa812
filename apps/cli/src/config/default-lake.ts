/** Where the lake is when nothing else is said, seen from the folder of the configuration or the working directory. */
export const DEFAULT_LAKE = "coordination/medallion";
