import type { ChatMessage } from "@mgm/domain/enrolment";

/** A chat event, converted once. */
export interface ChatEvent extends ChatMessage {
  readonly messageId: string;
  readonly chatterName: string;
  readonly text: string;
}

/**
 * Converts Twitch's `channel.chat.message` event. Lenient where the signature has vouched for the sender: an absent
 * broadcaster is ours, absent badges are none, the display name falls back to the login. Null when a required field
 * (message id, chatter id, text) is missing.
 */
export function chatEventOf(event: unknown, ourBroadcasterId: string): ChatEvent | null {
  if (!isRecord(event)) return null;
  const messageId = textOf(event.message_id, 255);
  const chatterId = textOf(event.chatter_user_id, 64);
  const message = event.message;
  const text = isRecord(message) ? message.text : undefined;
  if (messageId === null || chatterId === null || typeof text !== "string") return null;
  return {
    messageId,
    chatterId,
    text,
    broadcasterId: textOf(event.broadcaster_user_id, 64) ?? ourBroadcasterId,
    sourceBroadcasterId: textOf(event.source_broadcaster_user_id, 64),
    chatterName: textOf(event.chatter_user_name, 255) ?? textOf(event.chatter_user_login, 255) ?? chatterId,
    badges: Array.isArray(event.badges) ? event.badges.map(badgeOf).filter((badge) => badge !== null) : [],
  };
}

function badgeOf(badge: unknown): string | null {
  return isRecord(badge) ? textOf(badge.set_id, 255) : null;
}

function textOf(value: unknown, limit: number): string | null {
  // PostgreSQL takes no text with a NUL in it.
  return typeof value === "string" && value.length >= 1 && value.length <= limit && !value.includes("\0")
    ? value
    : null;
}

/** Whether a parsed JSON value is an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
