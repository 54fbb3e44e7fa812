import "./setup.mjs";
import { run } from "./run.mjs";

const words = process.argv.slice(2);
const odd = words.find((word) => !/^[\w@./:=^*!{}[\]-]+$/.test(word));
if (odd !== undefined) throw new Error(`turbo.mjs takes plain words only, found ${JSON.stringify(odd)}`);
run(["turbo", ...words.map((word) => `"${word}"`)].join(" "));
