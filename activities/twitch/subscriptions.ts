import type { UserToken } from "./grants/grant-store.ts";
import { subscriptionsAnswer } from "./helix.external.ts";
import { helixGet, until } from "./helix-get.ts";
import type { TwitchAccess } from "./twitch-access.ts";
import { twitchClientId } from "./twitch-settings.ts";

/** A viewer of a channel. */
export type ChannelViewer = { readonly broadcasterId: string; readonly viewerId: string };

/** Whether somebody subscribes to a channel: `unconfigured` without a grant, `unavailable` when Twitch did not say. */
export type SubscriberAnswer = "yes" | "no" | "unavailable" | "unconfigured";

/** Asks Twitch whether somebody subscribes; never throws, never a silent yes. */
export type SubscriberCheck = (viewer: ChannelViewer) => Promise<SubscriberAnswer>;

/** What the check needs from whoever keeps the grants. */
export type SubscriberCheckOptions = {
  /** The broadcaster's user token, with channel:read:subscriptions. */
  getBroadcasterToken: (broadcasterId: string, deadline: AbortSignal) => Promise<UserToken>;
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

  return async (viewer) => {
    const key = JSON.stringify([viewer.broadcasterId, viewer.viewerId]);
    const kept = known.get(key);
    if (kept !== undefined && kept.goodUntil > Date.now()) return kept.answer;
    known.delete(key);
    const answer = await ask(access, options, viewer, AbortSignal.timeout(timeoutMs));
    if (answer === "yes" || answer === "no") {
      known.set(key, { answer, goodUntil: Date.now() + cacheMs[answer] });
      const oldest = known.keys().next();
      if (known.size > maxEntries && !oldest.done) known.delete(oldest.value);
    }
    return answer;
  };
}

async function ask(
  access: TwitchAccess,
  { getBroadcasterToken }: SubscriberCheckOptions,
  { broadcasterId, viewerId }: ChannelViewer,
  deadline: AbortSignal,
): Promise<SubscriberAnswer> {
  let granted: UserToken;
  try {
    granted = await until(deadline, getBroadcasterToken(broadcasterId, deadline));
  } catch {
    return "unavailable";
  }
  if (granted.kind === "never_granted") return "unconfigured";
  if (granted.kind === "unavailable") return "unavailable";

  const token = { clientId: twitchClientId(access.settings), accessToken: granted.accessToken };
  const query = { broadcaster_id: broadcasterId, user_id: viewerId };
  const read = await helixGet(access, token, { url: "subscriptions", query, answer: subscriptionsAnswer, deadline });
  if (read.kind === "failed") {
    // The next who asks finds a new token; that it could not be noted changes nothing for this one.
    if (read.status === 401) await granted.reject().catch(() => undefined);
    return "unavailable";
  }
  return read.data.data.some((subscription) => subscription.user_id === viewerId) ? "yes" : "no";
}
