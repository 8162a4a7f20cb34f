import type { Payout } from "@mgm/activities/db/payout/payout-row";
import { payoutSnapshot } from "@mgm/activities/snapshots";
import { isActive, requestStatus } from "@mgm/domain/payout";
import type { ChangeStatusInput } from "@mgm/workflows/payout/messages";
import { z } from "zod";
import type { ApiContext } from "../../context.ts";
import { expectOk } from "../../errors.ts";
import { desktopIdOf } from "../../middleware/desktop-auth.ts";
import { presentPayoutDetails } from "../../present.ts";
import { route } from "../../routing/route.ts";
import { payoutDetails } from "../../schemas/payout.ts";
import { idPath } from "../../schemas/texts.ts";
import { afterUpdate, type ChangeDependencies, endedMeanwhile, existingPayout } from "./existing-payout.ts";
import { statusWord } from "./status-word.ts";

type StatusInput = Required<Omit<ChangeStatusInput, "rowVersion">>;

export const patchStatus = route(
  {
    name: "patchPayoutStatus",
    method: "PATCH",
    path: "/api/payouts/{id}/status",
    who: "desktop",
    needsLease: true,
    summary: "What the streamer does by hand, and Sync.",
    params: idPath,
    body: z.object({ status: statusWord }),
    answers: { 200: payoutDetails },
    codes: ["terminal_status_change_not_allowed", "status_change_not_allowed", "held_by_other_desktop"],
  },
  (deps: ChangeDependencies) =>
    async (ctx, { params, body: { status } }) => {
      const input = { status, cause: "desktop", desktopId: desktopIdOf(ctx) } as const;
      ctx.body = presentPayoutDetails(await changeStatus(deps, ctx, params.id, input));
    },
);

export const cancelByBroadcaster = route(
  {
    name: "cancelPayout",
    method: "POST",
    path: "/api/broadcaster/payouts/{id}/cancel",
    who: "broadcaster",
    summary: "The broadcaster calls a payout off.",
    params: idPath,
    answers: { 200: payoutDetails },
    codes: ["terminal_status_change_not_allowed"],
  },
  (deps: ChangeDependencies) =>
    async (ctx, { params }) => {
      const input = { status: "Cancelled", cause: "broadcaster", desktopId: null } as const;
      ctx.body = presentPayoutDetails(await changeStatus(deps, ctx, params.id, input));
    },
);

/** Changes a payout's status, by its workflow or, when it has ended, by the rules alone. */
async function changeStatus(
  deps: ChangeDependencies,
  ctx: ApiContext,
  payoutId: string,
  input: StatusInput,
): Promise<Payout> {
  const payout = await existingPayout(deps, ctx, payoutId);
  if (!isActive(payout.status)) return answerEnded(payout, input);
  const answer = await deps.workflows.updatePayout(payoutSnapshot(payout), "changeStatus", input, ctx.state.deadlineAt);
  if (answer.kind === "done") return await afterUpdate(deps, ctx, { payoutId, ...answer.result });
  return answerEnded(await endedMeanwhile(deps, ctx, payoutId), input);
}

function answerEnded(payout: Payout, input: StatusInput): Payout {
  expectOk(requestStatus(payout, { to: input.status, cause: input.cause, desktopId: input.desktopId }));
  return payout;
}
