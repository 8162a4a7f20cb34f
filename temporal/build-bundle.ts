import { BUILT_BUNDLE, writeWorkflowBundle } from "./bundle.ts";

/* `npm run build`: the workflow bundle that production workers load. */

await writeWorkflowBundle(BUILT_BUNDLE);
