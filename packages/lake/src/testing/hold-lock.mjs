// Takes the lock, says so, and gives it back when its standard input ends.
import { acquireLock, openLake } from "@medallion/lake";

const [root = ""] = process.argv.slice(2);
const lock = await acquireLock(await openLake(root), { command: "hold-lock" });
process.stdout.write("held\n");
process.stdin.on("end", () => lock.release());
process.stdin.resume();
