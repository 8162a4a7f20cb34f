import { findPayout, type Payout } from "@mgm/activities/db/payout/payout-row";
import { isActive } from "@mgm/domain/payout";
import { type ApiContext, broadcasterOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError } from "../../errors.ts";

/** What a route that changes payouts needs. */
export type ChangeDependencies = Pick<ApiDependencies, "database" | "workflows" | "log">;

/** How long the request that made a payout Sent waits for the chat announcement, counted from its receipt. */
const ANNOUNCEMENT_WAIT_MS = 3_000;

/** How long the last look at the row may take after that. */
const LAST_LOOK_MS = 300;

/** The caller's payout of this id. */
export async function existingPayout(
  { database }: Pick<ChangeDependencies, "database">,
  ctx: ApiContext,
  payoutId: string,
): Promise<Payout> {
  const payout = await findPayout(database, broadcasterOf(ctx), payoutId);
  if (payout === null) throw new ApiError("not_found");
  return payout;
}

/** The payout whose workflow is closed. While its row is active, the workflow vanished: the reconcile job settles it. */
export async function endedMeanwhile(deps: ChangeDependencies, ctx: ApiContext, payoutId: string): Promise<Payout> {
  const payout = await existingPayout(deps, ctx, payoutId);
  if (isActive(payout.status)) throw new ApiError("temporarily_unavailable");
  return payout;
}

/** The request that made a payout Sent is answered when the chat was told, or after a while. */
export async function afterUpdate(
  deps: ChangeDependencies,
  ctx: ApiContext,
  { payoutId, madeSent }: { payoutId: string; madeSent: boolean },
): Promise<Payout> {
  const committed = await existingPayout(deps, ctx, payoutId);
  if (!madeSent) return committed;
  const waitUntil = ctx.state.receivedAt + ANNOUNCEMENT_WAIT_MS;
  // From here on there is an answer whatever happens: this one, or one that knows of the announcement.
  ctx.state.deadlineAt = Number.POSITIVE_INFINITY;
  await deps.workflows.untilPayoutEnds(payoutId, waitUntil);
  const late = new Promise<Payout>((resolve) => setTimeout(resolve, LAST_LOOK_MS, committed).unref());
  return await Promise.race([existingPayout(deps, ctx, payoutId).catch(() => committed), late]);
}
