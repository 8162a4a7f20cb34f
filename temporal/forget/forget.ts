import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@mgm/activities/db/database";
import { forgetViewer } from "@mgm/activities/db/forget/forget-viewer";
import { channelsWithTraces, type OpenMatter, openMatters } from "@mgm/activities/db/forget/traces";
import type { Client } from "@temporalio/client";
import { deleteExecution, executionsAbout } from "./executions.ts";

/*
 * Forgets a viewer: rows first, then what Temporal keeps. Rows that are done no longer name the viewer, workflows that
 * are deleted are no longer found, so a run that was cut off is finished by the next one.
 *
 *   something is open (gold or an item is owed, a spin is about them, a workflow runs) ─► nothing is touched
 *   rows of every channel ─► workflows found by the viewer's id, deleted, until none is found
 */

/** How long Temporal may take to delete what it was asked to. */
const DELETED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

/** What came of it. */
export type ForgetResult =
  | { readonly kind: "open"; readonly matters: readonly (OpenMatter | { kind: "workflow"; id: string })[] }
  | {
      readonly kind: "forgotten";
      /** Rows that were changed or removed, by table. */
      readonly rows: Readonly<Record<string, number>>;
      readonly workflows: number;
      /** Workflows that Temporal was asked to delete and still shows. */
      readonly remaining: number;
    };

/** Forgets a viewer everywhere; see the map above. What Temporal has not deleted in time is told, and no fault. */
export async function forget(
  database: Database,
  client: Client,
  twitchUserId: string,
  deletedWithinMs = DELETED_WITHIN_MS,
): Promise<ForgetResult> {
  const channels = await channelsWithTraces(database, twitchUserId);
  const viewers = channels.map((broadcasterId) => ({ broadcasterId, twitchUserId }));
  const matters = (await Promise.all(viewers.map((viewer) => openMatters(database, viewer)))).flat();
  if (matters.length > 0) return { kind: "open", matters };
  const running = (await executionsAbout(client, twitchUserId)).filter(({ isRunning }) => isRunning);
  if (running.length > 0) {
    return { kind: "open", matters: running.map(({ workflowId }) => ({ kind: "workflow", id: workflowId })) };
  }
  const rows: Record<string, number> = {};
  for (const viewer of viewers) {
    const done = await forgetViewer(database, viewer);
    if (done.kind === "open") return done;
    for (const [table, count] of Object.entries(done.rows)) rows[table] = (rows[table] ?? 0) + count;
  }
  return { kind: "forgotten", rows, ...(await forgetWorkflows(client, twitchUserId, deletedWithinMs)) };
}

async function forgetWorkflows(
  client: Client,
  twitchUserId: string,
  deletedWithinMs: number,
): Promise<{ workflows: number; remaining: number }> {
  const asked = new Set<string>();
  const until = Date.now() + deletedWithinMs;
  for (;;) {
    const left = await executionsAbout(client, twitchUserId);
    for (const execution of left.filter(({ runId }) => !asked.has(runId))) {
      await deleteExecution(client, execution);
      asked.add(execution.runId);
    }
    if (left.length === 0 || Date.now() >= until) return { workflows: asked.size, remaining: left.length };
    await delay(LOOK_EVERY_MS);
  }
}
