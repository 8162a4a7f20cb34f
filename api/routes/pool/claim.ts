import { type ClaimedEntry, type ClaimResult, enrollByClaim, findClaim } from "@mgm/activities/db/pool/enroll-by-claim";
import { parseCharacterName } from "@mgm/domain/character-name";
import { isOwnAccount } from "@mgm/domain/enrolment";
import type { ClaimDto } from "@mgm/domain/wire";
import { z } from "zod";
import { type ApiContext, viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError, expectOk } from "../../errors.ts";
import { readJson } from "../../middleware/json-body.ts";

const claimBody = z.object({
  characterName: z.string(),
  enrollmentRequestId: z.string().regex(/^[\x20-\x7e]{1,128}$/),
});

type ClaimDependencies = Pick<
  ApiDependencies,
  "database" | "channel" | "skipSubscriberCheck" | "isSubscriber" | "displayName"
>;

/** POST /api/payouts/claim: enrols a viewer without chat, by the same rules. */
export function postClaim(deps: ClaimDependencies) {
  return async (ctx: ApiContext): Promise<void> => {
    const { broadcasterId, twitchUserId } = viewerOf(ctx);
    if (twitchUserId === null) throw new Error("the route lets only viewers with an identity through");
    const { enrollmentRequestId, ...body } = await readJson(ctx, claimBody);
    if (isOwnAccount(twitchUserId, { ...deps.channel, broadcasterId })) {
      throw new ApiError("forbidden", { reason: "own_channel" });
    }
    const name = parseCharacterName(body.characterName);
    if (!name.ok) throw new ApiError(name.code, { reason: name.reason });
    const claim = { broadcasterId, twitchUserId, characterName: name.name, enrollmentRequestId };
    const earlier = await findClaim(deps.database, claim);
    const result = expectOk(earlier ?? (await enroll(deps, claim)));
    ctx.status = result.replayed ? 200 : 201;
    const answer: ClaimDto = { characterName: result.characterName, enrollmentRequestId };
    ctx.body = answer;
  };
}

async function enroll(deps: ClaimDependencies, claim: Omit<ClaimedEntry, "twitchDisplayName">): Promise<ClaimResult> {
  // Both ask Twitch, and one answer's time is all that there is.
  const [displayName] = await Promise.all([
    deps.displayName(claim.twitchUserId),
    requireSubscriber(deps, claim.twitchUserId),
  ]);
  return await enrollByClaim(deps.database, { ...claim, twitchDisplayName: displayName ?? claim.twitchUserId });
}

async function requireSubscriber(deps: ClaimDependencies, twitchUserId: string): Promise<void> {
  if (deps.skipSubscriberCheck) return;
  const answer = await deps.isSubscriber(twitchUserId);
  if (answer === "unavailable") throw new ApiError("temporarily_unavailable");
  if (answer !== "yes") throw new ApiError("not_subscriber");
}
