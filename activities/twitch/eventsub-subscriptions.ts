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
import type { TwitchAccess } from "./twitch-access.ts";
import { chatUserId, type TwitchSettings, twitchClientId } from "./twitch-settings.ts";

/** How the subscription stands after an attempt to have one. */
export type EnsuredSubscription = {
  status: ChatSubscriptionStatus;
  id?: string;
  /** Why there is none: `no_token`, `http_<status>`, `timeout`, `unreachable` or `reset`. */
  reason?: string;
};

const CHAT_TYPE = "channel.chat.message";
const CHAT_VERSION = "1";
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Sees to it that Twitch posts the channel's chat to the callback. One that stands or is being verified is left alone,
 * ours that ended are removed, and only then a new one is created; never throws over what Twitch or the network does.
 *
 * Nothing deletes a subscription on the way out: while it stands, Twitch repeats what a restart missed. Repeats by
 * ApiClient do no harm here, since a second creation is answered 409.
 */
export async function ensureChatSubscription(
  access: TwitchAccess,
  input: { callbackUrl: string; secret: string; timeoutMs?: number },
): Promise<EnsuredSubscription> {
  const { callbackUrl, secret, timeoutMs = DEFAULT_TIMEOUT_MS } = input;
  const client = apiClient(access, timeoutMs);
  const condition = chatCondition(access.settings);
  try {
    const existing = await readAll(client, condition);
    const standing = existing.find((one) => one.callbackUrl === callbackUrl && one.status === "enabled");
    const underWay = existing.find((one) => one.callbackUrl === callbackUrl && one.status === "pending");
    const kept = standing ?? underWay;
    if (kept) return { status: kept.status, id: kept.id };

    for (const ended of existing.filter(hasEnded)) await remove(client, ended.id);
    const transport = { method: "webhook", callback: callbackUrl, secret } as const;
    const created = await client.eventSub.createSubscription(CHAT_TYPE, CHAT_VERSION, condition, transport);
    return { status: toStatus(created.status), id: created.id };
  } catch (error) {
    if (statusOf(error) === 409) return afterConflict(client, condition, callbackUrl);
    return notSubscribed(error);
  }
}

/** The subscriptions to this channel's chat, whatever their callback; rejects when Twitch does not say. */
export async function listChatSubscriptions(
  access: TwitchAccess,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: { timeoutMs?: number } = {},
): Promise<ChatSubscription[]> {
  return readAll(apiClient(access, timeoutMs), chatCondition(access.settings));
}

/** Somebody was quicker, perhaps our own first attempt whose answer was lost. */
async function afterConflict(
  client: ApiClient,
  condition: ChatCondition,
  callbackUrl: string,
): Promise<EnsuredSubscription> {
  try {
    const same = (await readAll(client, condition)).find((one) => one.callbackUrl === callbackUrl);
    // The list may lag behind; that it exists is certain.
    return same ? { status: same.status, id: same.id } : { status: "pending" };
  } catch (error) {
    return notSubscribed(error);
  }
}

function notSubscribed(error: unknown): EnsuredSubscription {
  if (error instanceof AppTokenError) return { status: "failed", reason: "no_token" };
  const status = statusOf(error);
  if (status === null) return { status: "failed", reason: callFailure(error) };
  // 403: the bot or the broadcaster took the grant back, or the bot is banned.
  return { status: status === 403 ? "revoked" : "failed", reason: `http_${status}` };
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

function chatCondition(settings: TwitchSettings): ChatCondition {
  return { broadcaster_user_id: settings.broadcasterId, user_id: chatUserId(settings) };
}

function statusOf(error: unknown): number | null {
  return error instanceof HttpStatusCodeError ? error.statusCode : null;
}

/** A client for one operation, because its deadline is one for all its requests. */
function apiClient(access: TwitchAccess, timeoutMs: number): ApiClient {
  return new ApiClient({
    authProvider: appOnlyAuth(access),
    fetchOptions: access.fetchOptions(AbortSignal.timeout(timeoutMs)),
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
