import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";

/** The one entry of the workflow code. */
export const WORKFLOWS_PATH = fileURLToPath(new URL("../workflows/index.ts", import.meta.url));

/** Where `npm run build` puts the bundle. */
export const BUILT_BUNDLE = fileURLToPath(new URL("./.build/workflows.js", import.meta.url));

/** Bundles workflow code into a file; fails when it reaches for anything that workflows must not touch. */
export async function writeWorkflowBundle(file: string, workflowsPath = WORKFLOWS_PATH): Promise<void> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger("WARN") });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, code);
}
