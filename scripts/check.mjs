import { importDirections, lockfileWithoutHosts, pinnedPackageManager, suppressions } from "./rules.mjs";
import { root } from "./run.mjs";

// Import cycles, file length, undeclared imports and imports by path are rules of biome.json.
const faults = [importDirections, suppressions, pinnedPackageManager, lockfileWithoutHosts].flatMap((rule) =>
  rule(root),
);
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
