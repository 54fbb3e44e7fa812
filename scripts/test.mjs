import "./setup.mjs";
import { run } from "./run.mjs";

run(
  "turbo run build typecheck lint check check:api unused test test:scripts --continue=dependencies-successful --output-logs=new-only",
);
