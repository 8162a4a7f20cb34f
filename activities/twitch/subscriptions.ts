import { subscriptionsAnswer } from "./helix.external.ts";
import { helixGet, until } from "./helix-get.ts";
import type { TwitchAccess } from "./twitch-access.ts";
import { twitchClientId } from "./twitch-settings.ts";

/** Whether somebody subscribes to the channel: `unconfigured` without a grant, `unavailable` when Twitch did not say. */
export type SubscriberAnswer = "yes" | "no" | "unavailable" | "unconfigured";

/** Asks Twitch whether somebody subscribes; never throws, never a silent yes. */
export type SubscriberCheck = (userId: string) => Promise<SubscriberAnswer>;

/** What the check needs from whoever keeps the grants. */
export type SubscriberCheckOptions = {
  /** The broadcaster's user token with channel:read:subscriptions; null when the broadcaster never gave one. */
  getBroadcasterToken: () => Promise<string | null>;
  /** Told of a token that Twitch refused, so that a new one can be taken. */
  onTokenRejected?: (accessToken: string) => void;
  /** For the token and the answer together. */
  timeoutMs?: number;
};

/** A subscriber check against Get Broadcaster Subscriptions. */
export function subscriberCheck(access: TwitchAccess, options: SubscriberCheckOptions): SubscriberCheck {
  const { getBroadcasterToken, onTokenRejected, timeoutMs = 2_000 } = options;
  const { broadcasterId } = access.settings;

  return async (userId) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    let accessToken: string | null;
    try {
      accessToken = await until(deadline, getBroadcasterToken());
    } catch {
      return "unavailable";
    }
    if (accessToken === null) return "unconfigured";

    const token = { clientId: twitchClientId(access.settings), accessToken };
    const query = { broadcaster_id: broadcasterId, user_id: userId };
    const read = await helixGet(access, token, { url: "subscriptions", query, answer: subscriptionsAnswer, deadline });
    if (read.kind === "failed") {
      if (read.status === 401) onTokenRejected?.(accessToken);
      return "unavailable";
    }
    return read.data.data.some((subscription) => subscription.user_id === userId) ? "yes" : "no";
  };
}
