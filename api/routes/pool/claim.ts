import { type ClaimedEntry, type ClaimResult, enrollByClaim, findClaim } from "@mgm/activities/db/pool/enroll-by-claim";
import { parseCharacterName } from "@mgm/domain/character-name";
import { isOwnAccount } from "@mgm/domain/enrolment";
import type { ClaimDto } from "@mgm/domain/wire";
import { z } from "zod";
import { identifiedViewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError, expectOk } from "../../errors.ts";
import { requireSubscriber } from "../../require-subscriber.ts";
import { route } from "../../routing/route.ts";
import { characterNameInRequest } from "../../schemas/texts.ts";

const claimAnswer = z.object({ characterName: z.string(), enrollmentRequestId: z.string() });

type ClaimDependencies = Pick<
  ApiDependencies,
  "database" | "channel" | "skipSubscriberCheck" | "isSubscriber" | "displayName"
>;

export const postClaim = route(
  {
    name: "postClaim",
    method: "POST",
    path: "/api/payouts/claim",
    who: "viewer",
    needsIdentity: true,
    summary: "Enrols a viewer without chat, by the same rules; the same id again returns the first answer.",
    body: z.object({
      characterName: characterNameInRequest,
      enrollmentRequestId: z.string().regex(/^[\x20-\x7e]{1,128}$/),
    }),
    answers: { 201: claimAnswer, 200: claimAnswer },
    codes: [
      "invalid_character_name",
      "duplicate_enrollment",
      "not_subscriber",
      "active_payout_exists",
      "lifetime_cap_reached",
      "character_name_taken_in_pool",
    ],
  },
  (deps: ClaimDependencies) =>
    async (ctx, { body }) => {
      const { broadcasterId, twitchUserId } = identifiedViewerOf(ctx);
      const { enrollmentRequestId } = body;
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
    },
);

async function enroll(deps: ClaimDependencies, claim: Omit<ClaimedEntry, "twitchDisplayName">): Promise<ClaimResult> {
  // Both ask Twitch, and one answer's time is all that there is.
  const [displayName] = await Promise.all([
    deps.displayName(claim.twitchUserId),
    requireSubscriber(deps, { broadcasterId: claim.broadcasterId, viewerId: claim.twitchUserId }),
  ]);
  return await enrollByClaim(deps.database, { ...claim, twitchDisplayName: displayName ?? claim.twitchUserId });
}
