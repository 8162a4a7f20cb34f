import type { HelixEventSubSubscription } from "@twurple/api";

/** How a subscription stands: `failed` was never verified, `revoked` was ended by Twitch. */
export type ChatSubscriptionStatus = "enabled" | "pending" | "failed" | "revoked";

/** One subscription to the channel's chat. */
export type ChatSubscription = {
  id: string;
  status: ChatSubscriptionStatus;
  /** Twitch's own word for it, which names the reason of an end. */
  twitchStatus: string;
  callbackUrl: string;
  createdAt: Date;
};

/** The condition that a chat subscription is created and recognised by. */
export type ChatCondition = { broadcaster_user_id: string; user_id: string };

/** What Twitch tells of a subscription, null when it is not a webhook for this chat. */
export function toChatSubscription(
  subscription: HelixEventSubSubscription,
  condition: ChatCondition,
): ChatSubscription | null {
  const transport = subscription._transport;
  const ours =
    transport.method === "webhook" &&
    subscription.condition.broadcaster_user_id === condition.broadcaster_user_id &&
    subscription.condition.user_id === condition.user_id;
  if (!ours) return null;
  return {
    id: subscription.id,
    status: toStatus(subscription.status),
    twitchStatus: subscription.status,
    callbackUrl: transport.callback,
    createdAt: subscription.creationDate,
  };
}

/** Twitch adds statuses without notice; every one but these three is an end. */
export function toStatus(twitchStatus: string): ChatSubscriptionStatus {
  switch (twitchStatus) {
    case "enabled":
      return "enabled";
    case "webhook_callback_verification_pending":
      return "pending";
    case "webhook_callback_verification_failed":
      return "failed";
    default:
      return "revoked";
  }
}
