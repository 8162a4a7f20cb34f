import { createHmac } from "node:crypto";

/** One POST as EventSub sends it. The same message sent twice is a redelivery: same id, same bytes. */
export type EventSubMessage = {
  messageId: string;
  type: "notification" | "webhook_callback_verification" | "revocation";
  subscriptionType: string;
  subscriptionVersion: string;
  body: unknown;
};

/** What may differ between two deliveries of one message. */
export type DeliveryOptions = {
  /** When Twitch sent it, default now; a string goes out as it stands, readable or not. */
  timestamp?: Date | string;
  /** How often it was sent before, 0 for the first time. */
  retry?: number;
  /** Sign with a secret that is not ours; `missing` sends no signature at all. */
  badSignature?: boolean | "missing";
  /** Signed and sent in place of the message's own body. */
  rawBody?: string | Buffer;
  /** Laid over the headers; null takes one out. */
  headers?: Record<string, string | null>;
};

/** The signature header for these exact bytes. */
export function sign(secret: string, messageId: string, timestamp: string, body: string | Buffer): string {
  const digest = createHmac("sha256", secret).update(messageId).update(timestamp).update(body).digest("hex");
  return `sha256=${digest}`;
}

/** A time as the timestamp header carries it: RFC 3339 with nanoseconds. */
export function eventSubTimestamp(time: Date): string {
  return time.toISOString().replace("Z", "000000Z");
}

/** Headers and body of one delivery, ready for any HTTP client. */
export function signedRequest(
  message: EventSubMessage,
  secret: string,
  options: DeliveryOptions = {},
): { headers: Record<string, string>; body: string | Buffer } {
  const { timestamp = new Date(), retry = 0, badSignature = false } = options;
  const sentAt = typeof timestamp === "string" ? timestamp : eventSubTimestamp(timestamp);
  const body = options.rawBody ?? JSON.stringify(message.body);
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    "Twitch-Eventsub-Message-Id": message.messageId,
    "Twitch-Eventsub-Message-Retry": `${retry}`,
    "Twitch-Eventsub-Message-Type": message.type,
    "Twitch-Eventsub-Message-Timestamp": sentAt,
    "Twitch-Eventsub-Subscription-Type": message.subscriptionType,
    "Twitch-Eventsub-Subscription-Version": message.subscriptionVersion,
  };
  if (badSignature !== "missing") {
    const key = badSignature ? `not ${secret}` : secret;
    headers["Twitch-Eventsub-Message-Signature"] = sign(key, message.messageId, sentAt, body);
  }
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value === null) delete headers[name];
    else headers[name] = value;
  }
  return { headers, body };
}
