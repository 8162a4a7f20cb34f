import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";

/** The one entry of the workflow code. */
export const WORKFLOWS_PATH = fileURLToPath(new URL("../workflows/index.ts", import.meta.url));

/** Where `npm run build` puts the bundle. */
export const BUILT_BUNDLE = fileURLToPath(new URL("./.build/workflows.js", import.meta.url));

/** The same with the tracing of workflows in it, which those who do not trace need not load. */
export const BUILT_TRACED_BUNDLE = fileURLToPath(new URL("./.build/workflows-traced.js", import.meta.url));

const TRACING_MODULE = "@temporalio/interceptors-opentelemetry-v2/lib/workflow-interceptors";

/** Bundles workflow code into a file; fails when it reaches for anything that workflows must not touch. */
export async function writeWorkflowBundle(
  file: string,
  kind: "plain" | "traced" = "plain",
  workflowsPath = WORKFLOWS_PATH,
): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: kind === "traced" ? [createRequire(import.meta.url).resolve(TRACING_MODULE)] : [],
    logger: new DefaultLogger("WARN"),
  });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, code);
}
