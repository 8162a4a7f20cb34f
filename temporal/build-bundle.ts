import { buildPrograms } from "./build-programs.ts";
import { BUILT_BUNDLE, writeWorkflowBundle } from "./bundle.ts";

/* `npm run build`: the workflow bundle that production workers load, and the programs of the container image. */

await Promise.all([writeWorkflowBundle(BUILT_BUNDLE), buildPrograms()]);
