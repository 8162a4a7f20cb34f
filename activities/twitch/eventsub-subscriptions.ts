import { createHmac } from "node:crypto";
import { ApiClient } from "@twurple/api";
import { HttpStatusCodeError } from "@twurple/api-call";
import type { AccessToken, AuthProvider } from "@twurple/auth";
import { AppTokenError } from "./app-token.ts";
import { callFailure } from "./call-failure.ts";
import {
  type ChatCondition,
  type ChatSubscription,
  type ChatSubscriptionStatus,
  toChatSubscription,
  toStatus,
} from "./eventsub-subscription.external.ts";
import { until } from "./helix-get.ts";
import type { TwitchAccess } from "./twitch-access.ts";
import { chatUserId, type TwitchSettings, twitchClientId } from "./twitch-settings.ts";

/** How the subscription stands after an attempt to have one. */
export type EnsuredSubscription = {
  /** `unknown`: Twitch did not even say what there is. */
  status: ChatSubscriptionStatus | "unknown";
  id?: string;
  /** Whether it is certain that Twitch signs with our secret. */
  isOurSecret?: boolean;
  /** Why there is none: `no_token`, `http_<status>`, `timeout`, `unreachable`, `reset`, `gone` or Twitch's own word. */
  reason?: string;
};

const CHAT_TYPE = "channel.chat.message";
const CHAT_VERSION = "1";
const TIMEOUT_MS = 30_000;

/** What a secret is known again by, without anybody's knowing the secret from it. */
export function secretFingerprint(secret: string, broadcasterId: string): string {
  return createHmac("sha256", secret).update(`eventsub secret of ${broadcasterId}`).digest("hex");
}

/**
 * Sees to it that Twitch posts a channel's chat to the callback, signed with the secret. One that stands or is being
 * verified is left alone if it is `knownId`, the one that was made with this secret: Twitch tells nobody with which one it
 * signs. Ours that ended or are signed otherwise are removed, and only then a new one is created; never throws over what
 * Twitch or the network does.
 *
 * Nothing deletes a subscription on the way out: while it stands, Twitch repeats what a restart missed. Repeats by
 * ApiClient do no harm here, since a second creation is answered 409.
 */
export async function ensureChatSubscription(
  access: TwitchAccess,
  input: {
    broadcasterId: string;
    callbackUrl: string;
    secret: string;
    knownId: string | null;
    deadline?: AbortSignal;
  },
): Promise<EnsuredSubscription> {
  const { broadcasterId, callbackUrl, secret, knownId, deadline = AbortSignal.timeout(TIMEOUT_MS) } = input;
  const client = apiClient(access, deadline);
  const condition = chatCondition(access.settings, broadcasterId);
  let isListed = false;
  const ensure = async (): Promise<EnsuredSubscription> => {
    const existing = await readAll(client, condition);
    isListed = true;
    const kept = existing.find((one) => one.callbackUrl === callbackUrl && one.id === knownId && !hasEnded(one));
    if (kept) return { status: kept.status, id: kept.id, isOurSecret: true };

    const useless = existing.filter((one) => one.callbackUrl === callbackUrl || hasEnded(one));
    for (const { id } of useless) await remove(client, id);
    const transport = { method: "webhook", callback: callbackUrl, secret } as const;
    try {
      const created = await client.eventSub.createSubscription(CHAT_TYPE, CHAT_VERSION, condition, transport);
      return { status: toStatus(created.status), id: created.id, isOurSecret: true };
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
      isListed = false;
      return afterConflict(client, condition, { callbackUrl, knownId });
    }
  };
  try {
    // ApiClient's own waits, for a rate limit say, know nothing of the deadline.
    return await until(deadline, ensure());
  } catch (error) {
    return notSubscribed(error, isListed);
  }
}

/** How one subscription stands, without having another in its place; never throws either. */
export async function checkChatSubscription(
  access: TwitchAccess,
  input: { broadcasterId: string; id: string; deadline?: AbortSignal },
): Promise<EnsuredSubscription> {
  const { id } = input;
  try {
    const found = (await listChatSubscriptions(access, input)).find((one) => one.id === id);
    if (!found) return { status: "failed", reason: "gone" };
    return hasEnded(found) ? { status: found.status, reason: found.twitchStatus } : { status: found.status, id };
  } catch (error) {
    return notSubscribed(error, false);
  }
}

/** The subscriptions to a channel's chat, whatever their callback; rejects when Twitch does not say. */
export async function listChatSubscriptions(
  access: TwitchAccess,
  { broadcasterId, deadline = AbortSignal.timeout(TIMEOUT_MS) }: { broadcasterId: string; deadline?: AbortSignal },
): Promise<ChatSubscription[]> {
  return until(deadline, readAll(apiClient(access, deadline), chatCondition(access.settings, broadcasterId)));
}

/** Somebody was quicker, perhaps our own first attempt whose answer was lost: nobody can tell with which secret. */
async function afterConflict(
  client: ApiClient,
  condition: ChatCondition,
  { callbackUrl, knownId }: { callbackUrl: string; knownId: string | null },
): Promise<EnsuredSubscription> {
  const same = (await readAll(client, condition)).find((one) => one.callbackUrl === callbackUrl);
  // The list may lag behind; that it exists is certain.
  return same
    ? { status: same.status, id: same.id, isOurSecret: same.id === knownId }
    : { status: "pending", isOurSecret: false };
}

function notSubscribed(error: unknown, isListed: boolean): EnsuredSubscription {
  const none = isListed ? "failed" : "unknown";
  if (error instanceof AppTokenError) return { status: none, reason: "no_token" };
  const status = statusOf(error);
  if (status === null) return { status: none, reason: callFailure(error) };
  // 403: the bot or the broadcaster took the grant back, or the bot is banned.
  return { status: status === 403 ? "revoked" : none, reason: `http_${status}` };
}

async function readAll(client: ApiClient, condition: ChatCondition): Promise<ChatSubscription[]> {
  const all = await client.eventSub.getSubscriptionsForTypePaginated(CHAT_TYPE).getAll();
  return all.map((one) => toChatSubscription(one, condition)).filter((one) => one !== null);
}

async function remove(client: ApiClient, id: string): Promise<void> {
  try {
    await client.eventSub.deleteSubscription(id);
  } catch (error) {
    // Gone already is as good.
    if (statusOf(error) !== 404) throw error;
  }
}

function hasEnded({ status }: ChatSubscription): boolean {
  return status === "failed" || status === "revoked";
}

function chatCondition(settings: TwitchSettings, broadcasterId: string): ChatCondition {
  return { broadcaster_user_id: broadcasterId, user_id: chatUserId(settings, broadcasterId) };
}

function statusOf(error: unknown): number | null {
  return error instanceof HttpStatusCodeError ? error.statusCode : null;
}

/** A client for one operation, because its deadline is one for all its requests. */
function apiClient(access: TwitchAccess, deadline: AbortSignal): ApiClient {
  return new ApiClient({
    authProvider: appOnlyAuth(access),
    fetchOptions: access.fetchOptions(deadline),
    // Its warnings would go to the console; what matters comes back as a value.
    logger: { minLevel: "critical" },
  });
}

/** Our app tokens in the form that ApiClient wants; it says `forceNew` after a 401. */
function appOnlyAuth({ settings, appTokens: tokens }: TwitchAccess): AuthProvider {
  let last = "";
  const getAppAccessToken = async (forceNew = false): Promise<AccessToken> => {
    if (forceNew) tokens.drop(last);
    const { accessToken } = await tokens.get();
    last = accessToken;
    return { accessToken, refreshToken: null, scope: [], expiresIn: null, obtainmentTimestamp: Date.now() };
  };
  return {
    clientId: twitchClientId(settings),
    getCurrentScopesForUser: () => [],
    getAccessTokenForUser: async () => null,
    getAnyAccessToken: () => getAppAccessToken(),
    getAppAccessToken,
  };
}
