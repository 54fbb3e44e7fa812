/** Whether text names an engine: `duckdb`, or the `sc://host:port` of a Spark Connect server. */
export function isEngineUrl(text: string): boolean {
  return text === "duckdb" || (/^sc:\/\/[^\s/]/.test(text) && URL.canParse(text));
}

/** Whether text is an amount of memory with its unit, such as `2GB` or `700MiB`. */
export function isMemorySize(text: string): boolean {
  return /^[0-9]{1,9}(?:\.[0-9]{1,3})? ?[KMGT]i?B$/i.test(text);
}
