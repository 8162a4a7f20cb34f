import type { Payout } from "@mgm/activities/db/payout/payout-row";
import { recordMailConfirmation } from "@mgm/activities/db/payout/record-mail";
import { payoutSnapshot } from "@mgm/activities/snapshots";
import { isActive, type PayoutCause } from "@mgm/domain/payout";
import type { ConfirmMailInput, PayoutAttentionInput } from "@mgm/workflows/payout/messages";
import { z } from "zod";
import { type ApiContext, broadcasterOf } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import { desktopIdOf } from "../../middleware/desktop-auth.ts";
import { presentPayoutDetails } from "../../present.ts";
import { route } from "../../routing/route.ts";
import { payoutDetails } from "../../schemas/payout.ts";
import { idPath, storedCharacters } from "../../schemas/texts.ts";
import { afterUpdate, type ChangeDependencies, endedMeanwhile, existingPayout } from "./existing-payout.ts";

/** How long an answer waits for the workflow that asks for attention; the reconcile job starts it otherwise. */
const ATTENTION_START_MS = 1_000;

export const confirmMailSent = route(
  {
    name: "confirmMailSent",
    method: "POST",
    path: "/api/payouts/{id}/confirm-mail-sent",
    who: "desktop",
    summary:
      "The game said that the mail left. A fact: any desktop may tell it, and it is written down before anything else.",
    params: idPath,
    body: z.object({ byHand: z.boolean().nullish().meta({ description: "True is the streamer's own word." }) }),
    absentBody: {},
    answers: { 200: payoutDetails },
  },
  (deps: ChangeDependencies) =>
    async (ctx, { params, body: { byHand } }) => {
      const desktopId = desktopIdOf(ctx);
      const cause: PayoutCause = byHand === true ? "desktop" : "log";
      const payout = await recordMailConfirmation(deps.database, {
        broadcasterId: broadcasterOf(ctx),
        payoutId: params.id,
        cause,
        desktopId,
        receivedAt: ctx.state.receivedAt,
      });
      if (payout === null) throw new ApiError("not_found");
      ctx.body = presentPayoutDetails(
        isActive(payout.status) ? await makeSent(deps, ctx, payout, { cause, desktopId }) : await alert(deps, payout),
      );
    },
);

async function makeSent(
  deps: ChangeDependencies,
  ctx: ApiContext,
  payout: Payout,
  input: ConfirmMailInput,
): Promise<Payout> {
  const { payoutId } = payout;
  const answer = await deps.workflows.updatePayout(payoutSnapshot(payout), "confirmMail", input, ctx.state.deadlineAt);
  return answer.kind === "done"
    ? await afterUpdate(deps, ctx, { payoutId, ...answer.result })
    : await endedMeanwhile(deps, ctx, payoutId);
}

/** Puts a payout whose mail was confirmed after its end before somebody's eyes; the row says so already. */
async function alert(deps: ChangeDependencies, payout: Payout): Promise<Payout> {
  if (payout.attention !== "open") return payout;
  try {
    // Kept short: the answer is known, and must not fall to the request's own deadline.
    await deps.workflows.startAttention(attentionInput(payout), Date.now() + ATTENTION_START_MS);
  } catch (error) {
    // The reconcile job starts what is missing; the confirmation itself is safe.
    deps.log.warn({ payoutId: payout.payoutId, error }, "the attention workflow was not started yet");
  }
  return payout;
}

export const settle = route(
  {
    name: "settlePayout",
    method: "POST",
    path: "/api/payouts/{id}/settle",
    who: "desktop",
    needsLease: true,
    summary: "Somebody has looked at a payout that needed attention.",
    params: idPath,
    body: z.object({ note: storedCharacters.min(1).max(500) }),
    answers: { 200: payoutDetails },
  },
  (deps: ChangeDependencies) =>
    async (ctx, { params, body: { note } }) => {
      const payout = await existingPayout(deps, ctx, params.id);
      if (payout.attention === "open") {
        await deps.workflows.settle(attentionInput(payout), { note, cause: "desktop" }, ctx.state.deadlineAt);
      }
      ctx.body = presentPayoutDetails(await existingPayout(deps, ctx, params.id));
    },
);

function attentionInput(payout: Payout): PayoutAttentionInput {
  const { broadcasterId, payoutId, characterName, twitchUserId } = payout;
  return { broadcasterId, payoutId, characterName, twitchUserId };
}
