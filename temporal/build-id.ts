import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { WorkerOptions } from "@temporalio/worker";

/** How our workers are called where Temporal lists deployments. */
export const DEPLOYMENT_NAME = "mgm";

const SHOWN_CHARACTERS = 12;

/**
 * Which workflow code a worker has: the beginning of its bundle's SHA-256, so that the same code has the same name
 * wherever it was built. `source` is a worker that bundles for itself, as developers do.
 */
export async function buildIdOf(bundleFile: string | null): Promise<string> {
  if (bundleFile === null) return "source";
  const digest = createHash("sha256").update(await readFile(bundleFile));
  return digest.digest("hex").slice(0, SHOWN_CHARACTERS);
}

/**
 * Labels a worker with its build. Every worker still takes every task: builds in one task queue must be able to go on
 * with each other's workflows, which `npm run replay-open` tries beforehand.
 */
export function labelled(buildId: string): Pick<WorkerOptions, "workerDeploymentOptions"> {
  return {
    workerDeploymentOptions: {
      version: { deploymentName: DEPLOYMENT_NAME, buildId },
      useWorkerVersioning: false,
    },
  };
}
