import type { UserToken } from "./grants/grant-store.ts";
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
  /** The broadcaster's user token, with channel:read:subscriptions. */
  getBroadcasterToken: (deadline: AbortSignal) => Promise<UserToken>;
  /** For the token and the answer together. */
  timeoutMs?: number;
  /** How long an answer is good: a yes longer than a no, because whoever has just subscribed will not wait. */
  cacheMs?: { yes: number; no: number };
  maxEntries?: number;
};

/** A subscriber check against Get Broadcaster Subscriptions, which remembers what it was told for a short while. */
export function subscriberCheck(access: TwitchAccess, options: SubscriberCheckOptions): SubscriberCheck {
  const { timeoutMs = 2_000, cacheMs = { yes: 60_000, no: 5_000 }, maxEntries = 10_000 } = options;
  /** In order of insertion, so that the first key is the oldest. */
  const known = new Map<string, { answer: "yes" | "no"; goodUntil: number }>();

  return async (userId) => {
    const kept = known.get(userId);
    if (kept !== undefined && kept.goodUntil > Date.now()) return kept.answer;
    known.delete(userId);
    const answer = await ask(access, options, userId, AbortSignal.timeout(timeoutMs));
    if (answer === "yes" || answer === "no") {
      known.set(userId, { answer, goodUntil: Date.now() + cacheMs[answer] });
      const oldest = known.keys().next();
      if (known.size > maxEntries && !oldest.done) known.delete(oldest.value);
    }
    return answer;
  };
}

async function ask(
  access: TwitchAccess,
  { getBroadcasterToken }: SubscriberCheckOptions,
  userId: string,
  deadline: AbortSignal,
): Promise<SubscriberAnswer> {
  let granted: UserToken;
  try {
    granted = await until(deadline, getBroadcasterToken(deadline));
  } catch {
    return "unavailable";
  }
  if (granted.kind === "never_granted") return "unconfigured";
  if (granted.kind === "unavailable") return "unavailable";

  const token = { clientId: twitchClientId(access.settings), accessToken: granted.accessToken };
  const query = { broadcaster_id: access.settings.broadcasterId, user_id: userId };
  const read = await helixGet(access, token, { url: "subscriptions", query, answer: subscriptionsAnswer, deadline });
  if (read.kind === "failed") {
    // The next who asks finds a new token; that it could not be noted changes nothing for this one.
    if (read.status === 401) await granted.reject().catch(() => undefined);
    return "unavailable";
  }
  return read.data.data.some((subscription) => subscription.user_id === userId) ? "yes" : "no";
}
