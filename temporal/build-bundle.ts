import { buildPrograms } from "./build-programs.ts";
import { BUILT_BUNDLE, BUILT_TRACED_BUNDLE, writeWorkflowBundle } from "./bundle.ts";

/* `npm run build`: the workflow bundles that production workers load, one of them, and the programs of the container image. */

await Promise.all([
  writeWorkflowBundle(BUILT_BUNDLE),
  writeWorkflowBundle(BUILT_TRACED_BUNDLE, "traced"),
  buildPrograms(),
]);
