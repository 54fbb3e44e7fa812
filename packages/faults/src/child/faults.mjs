// Loaded into the real command with `node --import`. It counts the changes that the command makes to the files of a lake,
// and kills the process, or fails, at one of them. What to do is in MEDALLION_FAULT, see src/fault.ts.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const plan = JSON.parse(process.env.MEDALLION_FAULT ?? "{}");
const promises = fs.promises;
const files = new WeakMap();
let changes = 0;
let failing = false;

if (typeof plan.now === "number") Date.now = () => plan.now;
if (typeof plan.report === "string") process.on("exit", () => fs.writeFileSync(plan.report, String(changes)));

function kill() {
  process.kill(process.pid, "SIGKILL");
}

function failure(name, path) {
  return Object.assign(new Error(`${plan.error}: injected, ${name} '${path}'`), {
    code: plan.error,
    syscall: name,
    path,
  });
}

/** Whether the change is the one at which something happens. */
function isNext(path, isWrite) {
  if (typeof path !== "string" || !path.startsWith(plan.root ?? "/")) return false;
  if (plan.error !== undefined && !isWrite) return false;
  changes += 1;
  return changes === plan.at || (failing && plan.lasting === true);
}

function withFault(name, isWrite, pathOf, half) {
  return (original) =>
    async function faulty(...args) {
      const path = pathOf(this, args);
      if (!isNext(path, isWrite)) return original.apply(this, args);
      if (plan.error !== undefined) {
        failing = true;
        if (plan.moment === "half" && half !== undefined) await original.apply(this, half(args));
        throw failure(name, path);
      }
      if (plan.moment === "before") kill();
      if (plan.moment === "half" && half !== undefined) {
        await original.apply(this, half(args));
        kill();
      }
      const result = await original.apply(this, args);
      kill();
      return result;
    };
}

const ofArgument = (index) => (_, args) => args[index];
const ofHandle = (handle) => files.get(handle);
const halfOfContent = ([data, ...rest]) => [data.slice(0, Math.floor(data.length / 2)), ...rest];
const halfOfBuffer = ([buffer, offset = 0, length = buffer.length - offset, ...rest]) => [
  buffer,
  offset,
  Math.floor(length / 2),
  ...rest,
];

const handle = await promises.open(process.execPath, "r");
const methods = Object.getPrototypeOf(handle);
await handle.close();

const open = promises.open;
const creates = (flags) =>
  typeof flags === "number" ? (flags & fs.constants.O_CREAT) !== 0 : /^[wa]/.test(flags ?? "r");
const openWithFault = withFault("open", true, ofArgument(0))(open);
promises.open = async (path, flags, mode) => {
  const file = await (creates(flags) ? openWithFault(path, flags, mode) : open(path, flags, mode));
  files.set(file, path);
  return file;
};
for (const [name, index] of [
  ["rename", 1],
  ["link", 1],
  ["mkdir", 0],
]) {
  promises[name] = withFault(name, true, ofArgument(index))(promises[name]);
}
for (const name of ["rm", "unlink"]) promises[name] = withFault(name, false, ofArgument(0))(promises[name]);
for (const name of ["sync", "datasync"]) methods[name] = withFault(name, true, ofHandle)(methods[name]);
methods.write = withFault("write", true, ofHandle, halfOfBuffer)(methods.write);
methods.writeFile = withFault("write", true, ofHandle, halfOfContent)(methods.writeFile);
methods.appendFile = withFault("write", true, ofHandle, halfOfContent)(methods.appendFile);
syncBuiltinESMExports();
