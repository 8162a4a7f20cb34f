import { findPayout, type Payout } from "@mgm/activities/db/payout/payout-row";
import { recordMailConfirmation } from "@mgm/activities/db/payout/record-mail";
import { payoutSnapshot } from "@mgm/activities/snapshots";
import { parseCharacterName } from "@mgm/domain/character-name";
import { acceptPayout, isActive, type PayoutCause, requestStatus } from "@mgm/domain/payout";
import type {
  AcceptInput,
  ChangeStatusInput,
  ConfirmMailInput,
  PayoutAttentionInput,
} from "@mgm/workflows/payout/messages";
import { z } from "zod";
import { type ApiContext, broadcasterOf, pathPart } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError, expectOk } from "../../errors.ts";
import { desktopIdOf, requireLease } from "../../middleware/desktop-auth.ts";
import { readJson } from "../../middleware/json-body.ts";
import { presentPayoutDetails } from "../../present.ts";
import { parseStatusWord } from "./status-word.ts";

type ChangeDependencies = Pick<ApiDependencies, "database" | "workflows" | "log">;

/** How long the request that made a payout Sent waits for the chat announcement, counted from its receipt. */
const ANNOUNCEMENT_WAIT_MS = 3_000;

/** How long the last look at the row may take after that. */
const LAST_LOOK_MS = 300;

/** How long an answer waits for the workflow that asks for attention; the reconcile job starts it otherwise. */
const ATTENTION_START_MS = 1_000;

const statusBody = z.object({ status: z.string().transform(parseStatusWord) });

/** PATCH /api/payouts/{id}/status: what the streamer does by hand, and Sync. */
export function patchStatus(deps: ChangeDependencies) {
  return async (ctx: ApiContext): Promise<void> => {
    const { status } = await readJson(ctx, statusBody);
    const desktopId = desktopIdOf(ctx);
    await requireLease(deps.database, ctx, desktopId);
    ctx.body = presentPayoutDetails(await changeStatus(deps, ctx, { status, cause: "desktop", desktopId }));
  };
}

/** POST /api/broadcaster/payouts/{id}/cancel: the broadcaster calls it off. */
export function cancelByBroadcaster(deps: ChangeDependencies) {
  return async (ctx: ApiContext): Promise<void> => {
    const input = { status: "Cancelled", cause: "broadcaster", desktopId: null } as const;
    ctx.body = presentPayoutDetails(await changeStatus(deps, ctx, input));
  };
}

/** Changes the status of the payout in the path, by its workflow or, when it has ended, by the rules alone. */
async function changeStatus(
  deps: ChangeDependencies,
  ctx: ApiContext,
  input: Required<ChangeStatusInput>,
): Promise<Payout> {
  const payout = await existingPayout(deps, ctx);
  if (!isActive(payout.status)) return answerEnded(payout, input);
  const answer = await deps.workflows.updatePayout(payoutSnapshot(payout), "changeStatus", input, ctx.state.deadlineAt);
  if (answer.kind === "done") return await afterUpdate(deps, ctx, answer.result.madeSent);
  return answerEnded(await endedMeanwhile(deps, ctx), input);
}

function answerEnded(payout: Payout, input: Required<ChangeStatusInput>): Payout {
  expectOk(requestStatus(payout, { to: input.status, cause: input.cause, desktopId: input.desktopId }));
  return payout;
}

const acceptanceBody = z.object({ characterName: z.string() });

/** POST /api/payouts/{id}/confirm-acceptance: the winner agreed in the game. A fact: any desktop may tell it. */
export function confirmAcceptance(deps: ChangeDependencies) {
  return async (ctx: ApiContext): Promise<void> => {
    const body = await readJson(ctx, acceptanceBody);
    const desktopId = desktopIdOf(ctx);
    const name = parseCharacterName(body.characterName);
    const input = {
      characterName: name.ok ? name.name : null,
      receivedAt: ctx.state.receivedAt,
      cause: "log",
      desktopId,
    } satisfies AcceptInput;
    const answerFromRow = (payout: Payout): Payout => {
      const { characterName: drawnName } = payout;
      expectOk(acceptPayout(payout, { drawnName, characterName: input.characterName, at: input.receivedAt }));
      return payout;
    };
    const payout = await existingPayout(deps, ctx);
    if (!isActive(payout.status)) {
      ctx.body = presentPayoutDetails(answerFromRow(payout));
      return;
    }
    const answer = await deps.workflows.updatePayout(payoutSnapshot(payout), "accept", input, ctx.state.deadlineAt);
    ctx.body = presentPayoutDetails(
      answer.kind === "done" ? await existingPayout(deps, ctx) : answerFromRow(await endedMeanwhile(deps, ctx)),
    );
  };
}

const confirmationBody = z.object({ byHand: z.boolean().nullish() });

/**
 * POST /api/payouts/{id}/confirm-mail-sent: the game said that the mail left. A fact: any desktop may tell it, and it
 * is written down before the workflow hears of it.
 */
export function confirmMailSent(deps: ChangeDependencies) {
  return async (ctx: ApiContext): Promise<void> => {
    const { byHand } = await readJson(ctx, confirmationBody, {});
    const desktopId = desktopIdOf(ctx);
    const cause: PayoutCause = byHand === true ? "desktop" : "log";
    const payout = await recordMailConfirmation(deps.database, {
      broadcasterId: broadcasterOf(ctx),
      payoutId: pathPart(ctx, "id").toLowerCase(),
      cause,
      desktopId,
      receivedAt: ctx.state.receivedAt,
    });
    if (payout === null) throw new ApiError("not_found");
    ctx.body = presentPayoutDetails(
      isActive(payout.status) ? await makeSent(deps, ctx, payout, { cause, desktopId }) : await alert(deps, payout),
    );
  };
}

async function makeSent(
  deps: ChangeDependencies,
  ctx: ApiContext,
  payout: Payout,
  input: ConfirmMailInput,
): Promise<Payout> {
  const answer = await deps.workflows.updatePayout(payoutSnapshot(payout), "confirmMail", input, ctx.state.deadlineAt);
  return answer.kind === "done"
    ? await afterUpdate(deps, ctx, answer.result.madeSent)
    : await endedMeanwhile(deps, ctx);
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

const settleBody = z.object({ note: z.string().min(1).max(500) });

/** POST /api/payouts/{id}/settle: somebody has looked at it. */
export function settle(deps: ChangeDependencies) {
  return async (ctx: ApiContext): Promise<void> => {
    const { note } = await readJson(ctx, settleBody);
    const desktopId = desktopIdOf(ctx);
    await requireLease(deps.database, ctx, desktopId);
    const payout = await existingPayout(deps, ctx);
    if (payout.attention === "open") {
      await deps.workflows.settle(attentionInput(payout), { note, cause: "desktop" }, ctx.state.deadlineAt);
    }
    ctx.body = presentPayoutDetails(await existingPayout(deps, ctx));
  };
}

function attentionInput(payout: Payout): PayoutAttentionInput {
  const { broadcasterId, payoutId, characterName, twitchUserId } = payout;
  return { broadcasterId, payoutId, characterName, twitchUserId };
}

/** The request that made a payout Sent is answered when the chat was told, or after a while. */
async function afterUpdate(deps: ChangeDependencies, ctx: ApiContext, madeSent: boolean): Promise<Payout> {
  const committed = await existingPayout(deps, ctx);
  if (!madeSent) return committed;
  const waitUntil = ctx.state.receivedAt + ANNOUNCEMENT_WAIT_MS;
  // From here on there is an answer whatever happens: this one, or one that knows of the announcement.
  ctx.state.deadlineAt = Number.POSITIVE_INFINITY;
  await deps.workflows.untilPayoutEnds(committed.payoutId, waitUntil);
  const late = new Promise<Payout>((resolve) => setTimeout(resolve, LAST_LOOK_MS, committed).unref());
  return await Promise.race([existingPayout(deps, ctx).catch(() => committed), late]);
}

/** The payout whose workflow is closed. While its row is active, the workflow vanished: the reconcile job settles it. */
async function endedMeanwhile(deps: ChangeDependencies, ctx: ApiContext): Promise<Payout> {
  const payout = await existingPayout(deps, ctx);
  if (isActive(payout.status)) throw new ApiError("temporarily_unavailable");
  return payout;
}

async function existingPayout(deps: ChangeDependencies, ctx: ApiContext): Promise<Payout> {
  const payout = await findPayout(deps.database, broadcasterOf(ctx), pathPart(ctx, "id").toLowerCase());
  if (payout === null) throw new ApiError("not_found");
  return payout;
}
