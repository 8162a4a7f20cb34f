import { rewardSentAnnouncement } from "@mgm/domain/payout";
import { ApplicationFailure } from "@temporalio/common";
import type { PayoutActivities } from "./contract.ts";
import type { Database } from "./db/database.ts";
import {
  claimAnnouncement,
  endAnnouncementAttempt,
  MAX_ANNOUNCEMENT_ATTEMPTS,
} from "./db/payout/announcement-claim.ts";

/** How one try to post a chat line ended. Only `refused` proves that nothing was posted. */
export type ChatPostOutcome =
  | { readonly kind: "sent"; readonly messageId: string }
  | { readonly kind: "refused"; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly kind: "held"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string };

/** Posts one line into a channel's chat with exactly one request; never throws for what Twitch or the network does. */
export type PostToChat = (message: { broadcasterId: string; text: string }) => Promise<ChatPostOutcome>;

/**
 * Announces a payout at most once, ever: the claim is written first, and only a proof that nothing was posted leads to
 * another attempt. Retried attempts throw; every other end is a value.
 */
export function createAnnounceActivity(deps: {
  database: Database;
  postToChat: PostToChat;
}): Pick<PayoutActivities, "announcePayout"> {
  return {
    async announcePayout(payout) {
      const claim = await claimAnnouncement(deps.database, payout);
      if (claim.isOver) return claim.state === "sent" || claim.state === "held" ? claim.state : endOf(claim.state);
      const outcome = await deps.postToChat({
        broadcasterId: payout.broadcasterId,
        text: rewardSentAnnouncement(payout.characterName),
      });
      const attempt = { payoutId: payout.payoutId, token: claim.token };
      if (outcome.kind === "sent") {
        await endAnnouncementAttempt(deps.database, attempt, { state: "sent", messageId: outcome.messageId });
        return "sent";
      }
      const isLast = outcome.kind === "refused" && claim.attempt >= MAX_ANNOUNCEMENT_ATTEMPTS;
      const state = isLast ? "failed" : outcome.kind;
      await endAnnouncementAttempt(deps.database, attempt, { state, reason: outcome.reason });
      if (outcome.kind !== "refused") return outcome.kind;
      if (isLast) return "failed";
      throw ApplicationFailure.create({
        type: "announcement_refused",
        message: "Twitch refused the message",
        category: "BENIGN",
        ...(outcome.retryAfterMs === undefined ? {} : { nextRetryDelay: outcome.retryAfterMs }),
      });
    },
  };
}

function endOf(state: "sending" | "refused" | "unknown" | "failed"): "unknown" | "failed" {
  return state === "failed" ? "failed" : "unknown";
}
