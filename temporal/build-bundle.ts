import { BUILT_BUNDLE, BUILT_TRACED_BUNDLE, writeWorkflowBundle } from "./bundle.ts";

/* `npm run build`: the workflow bundles that production workers load, one of them. */

await writeWorkflowBundle(BUILT_BUNDLE);
await writeWorkflowBundle(BUILT_TRACED_BUNDLE, "traced");
