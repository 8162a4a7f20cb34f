import { fileURLToPath } from "node:url";
import { writeWorkflowBundle } from "./bundle.ts";

/* `npm run build`: the workflow bundle that production workers load. */

await writeWorkflowBundle(fileURLToPath(new URL("./.build/workflows.js", import.meta.url)));
