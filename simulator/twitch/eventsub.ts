import type { ChatMessageEventJson, SubscriptionJson } from "./chat-event.external.ts";
import { type DeliveryOptions, type EventSubMessage, signedRequest } from "./eventsub-message.ts";
import { idSource, type NewId } from "./ids.ts";
import type { Badge, Chatter } from "./viewers.ts";

/** A line in chat, as a story or a test tells it. */
export type ChatLine = {
  chatter: Chatter;
  text: string;
  /** Default: the chatter's own. */
  badges?: readonly Badge[];
  /** Id of the chat message, not of the delivery. */
  messageId?: string;
  messageType?: string;
  /** Set for a line typed in a partner's channel during a shared chat. */
  sourceBroadcasterId?: string;
  sourceMessageId?: string;
  sourceBadges?: readonly Badge[];
  /** A channel other than the sender's own. */
  broadcasterId?: string;
  /** Laid over the event; undefined takes a field out. */
  fields?: Partial<Record<keyof ChatMessageEventJson, unknown>>;
};

/** How the callback answered. */
export type DeliveryResult = { status: number; body: string; contentType: string | null };

/** Where the messages go, and for whom. */
export type EventSubSenderOptions = {
  /** Whole address of our webhook. */
  callbackUrl: string;
  secret: string;
  broadcasterId: string;
  botUserId: string;
  subscriptionId?: string;
  newId?: NewId;
};

/** Builds EventSub messages for one callback and posts them. */
export type EventSubSender = {
  chatMessage(line: ChatLine): EventSubMessage;
  challenge(challenge?: string): EventSubMessage;
  revocation(status?: string): EventSubMessage;
  send(message: EventSubMessage, options?: DeliveryOptions): Promise<DeliveryResult>;
  /** Builds and sends in one go. */
  say(line: ChatLine, options?: DeliveryOptions): Promise<DeliveryResult>;
  /** Sends many, `concurrency` at a time, every `duplicateEvery`th of them twice; answers in order of sending. */
  burst(
    messages: readonly EventSubMessage[],
    options?: { concurrency?: number; duplicateEvery?: number },
  ): Promise<DeliveryResult[]>;
};

const CHAT_TYPE = "channel.chat.message";

/** A sender for one callback; nothing is sent before it is asked for. */
export function eventSubSender(options: EventSubSenderOptions): EventSubSender {
  const { callbackUrl, secret, broadcasterId, botUserId, newId = idSource() } = options;
  const subscription: SubscriptionJson = {
    id: options.subscriptionId ?? newId(),
    status: "enabled",
    type: CHAT_TYPE,
    version: "1",
    condition: { broadcaster_user_id: broadcasterId, user_id: botUserId },
    transport: { method: "webhook", callback: callbackUrl },
    created_at: new Date().toISOString(),
    cost: 0,
  };

  const chatMessage = (line: ChatLine): EventSubMessage =>
    message("notification", { subscription, event: chatMessageEvent({ broadcasterId, ...line }, newId) }, newId);

  const send = (sent: EventSubMessage, delivery?: DeliveryOptions) => deliver(callbackUrl, secret, sent, delivery);

  return {
    chatMessage,
    send,
    say: (line, delivery) => send(chatMessage(line), delivery),
    challenge: (challenge = newId()) => challengeMessage(subscription, challenge, newId),
    revocation: (status = "notification_failures_exceeded") => revocationMessage(subscription, status, newId),
    burst: (messages, { concurrency = 32, duplicateEvery = 0 } = {}) => {
      const twice = messages.flatMap((one, i) =>
        duplicateEvery > 0 && (i + 1) % duplicateEvery === 0 ? [one, one] : [one],
      );
      return inParallel(twice, concurrency, (one) => send(one));
    },
  };
}

/** The event in the full field shape of version 1. */
export function chatMessageEvent(
  line: ChatLine & { broadcasterId: string },
  newId: NewId = idSource(),
): ChatMessageEventJson {
  const { chatter, text, broadcasterId, sourceBroadcasterId } = line;
  const foreign = sourceBroadcasterId !== undefined;
  const event: ChatMessageEventJson = {
    broadcaster_user_id: broadcasterId,
    broadcaster_user_login: `channel_${broadcasterId}`,
    broadcaster_user_name: `Channel_${broadcasterId}`,
    source_broadcaster_user_id: sourceBroadcasterId ?? null,
    source_broadcaster_user_login: foreign ? `channel_${sourceBroadcasterId}` : null,
    source_broadcaster_user_name: foreign ? `Channel_${sourceBroadcasterId}` : null,
    chatter_user_id: chatter.id,
    chatter_user_login: chatter.login,
    chatter_user_name: chatter.displayName,
    message_id: line.messageId ?? newId(),
    source_message_id: foreign ? (line.sourceMessageId ?? newId()) : null,
    is_source_only: foreign ? false : null,
    message: { text, fragments: [{ type: "text", text, cheermote: null, emote: null, mention: null }] },
    color: "#1E90FF",
    badges: [...(line.badges ?? chatter.badges ?? [])],
    source_badges: foreign ? [...(line.sourceBadges ?? [])] : null,
    message_type: line.messageType ?? "text",
    cheer: null,
    reply: null,
    channel_points_custom_reward_id: null,
    channel_points_animation_id: null,
  };
  // JSON leaves undefined members out, which is how a required field goes missing.
  return { ...event, ...line.fields } as ChatMessageEventJson;
}

/** What Twitch posts to learn whether a callback is really ours. */
export function challengeMessage(subscription: SubscriptionJson, challenge: string, newId: NewId): EventSubMessage {
  const pending = { ...subscription, status: "webhook_callback_verification_pending" };
  return message("webhook_callback_verification", { challenge, subscription: pending }, newId);
}

/** What Twitch posts when it ended a subscription by itself. */
export function revocationMessage(subscription: SubscriptionJson, status: string, newId: NewId): EventSubMessage {
  return message("revocation", { subscription: { ...subscription, status } }, newId);
}

/** Posts one message; redirects are not followed, as Twitch does not follow them either. */
export async function deliver(
  callbackUrl: string,
  secret: string,
  sent: EventSubMessage,
  options?: DeliveryOptions,
): Promise<DeliveryResult> {
  const { headers, body } = signedRequest(sent, secret, options);
  const bytes = typeof body === "string" ? body : new Uint8Array(body);
  const response = await fetch(callbackUrl, { method: "POST", headers, body: bytes, redirect: "manual" });
  return { status: response.status, body: await response.text(), contentType: response.headers.get("Content-Type") };
}

function message(type: EventSubMessage["type"], body: unknown, newId: NewId): EventSubMessage {
  return { messageId: newId(), type, subscriptionType: CHAT_TYPE, subscriptionVersion: "1", body };
}

/** Maps with at most `limit` calls under way, results in the order of the items. */
async function inParallel<T, R>(items: readonly T[], limit: number, run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await run(items[i] as T);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
