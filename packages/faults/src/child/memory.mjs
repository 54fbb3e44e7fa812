// Loaded into the real command with `node --import`: writes its peak memory, in bytes, to the file in MEDALLION_MEMORY.
import { writeFileSync } from "node:fs";

process.on("exit", () => writeFileSync(process.env.MEDALLION_MEMORY, String(process.resourceUsage().maxRSS * 1024)));
