// Takes the lock, checks that it is alone, and dies without giving the lock back.
import { openSync, rmSync } from "node:fs";
import { acquireLock, openLake } from "@medallion/lake";

const [root = "", marker = ""] = process.argv.slice(2);
const lake = await openLake(root);
process.stdin.once("data", async () => {
  await acquireLock(lake, { command: "die-with-lock", waitMs: 25_000 });
  openSync(marker, "wx");
  await new Promise((resolve) => setImmediate(resolve));
  rmSync(marker);
  process.kill(process.pid, "SIGKILL");
});
process.stdout.write("ready\n");
