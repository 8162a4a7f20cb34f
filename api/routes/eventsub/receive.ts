import { recordRevocation } from "@mgm/activities/db/eventsub/record-revocation";
import { type ChatEnrolment, isCommandRecorded } from "@mgm/activities/db/pool/enroll-by-chat";
import { enrollTogether } from "@mgm/activities/db/pool/enroll-together";
import type { ApiContext } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError } from "../../errors.ts";
import { gather } from "../../gather.ts";
import { readRawBody } from "../../middleware/json-body.ts";
import { route } from "../../routing/route.ts";
import { actOnChat, type ChatDependencies } from "./act-on-chat.ts";
import { chatEventOf, isRecord } from "./chat-message.external.ts";
import { isSignedBy } from "./signature.ts";

type Wiring = Omit<ChatDependencies, "enroll"> & Pick<ApiDependencies, "eventSub" | "eventSubSecret">;
type EventSubDependencies = Wiring & ChatDependencies;

/** One computes while the other waits for the disk. */
const LOTS_AT_ONCE = 2;
const VIEWERS_IN_A_LOT = 100;
const CHAT_MESSAGE = "channel.chat.message";
const OLD_AFTER_MS = 10 * 60_000;
/** Longer than the database's own limits, and still within the few seconds that Twitch waits. */
const REVOCATION_WITHIN_MS = 6_000;
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

export const receiveEventSub = route(
  {
    name: "receiveEventSub",
    method: "POST",
    path: "/api/twitch/eventsub",
    takesPathsBelow: true,
    who: "twitch",
    isUncounted: true,
    summary: "Twitch's messages. Answered only when their effect is committed.",
    answers: { 200: { contentType: "text/plain" } },
    codes: ["unauthorized", "invalid_payload", "payload_too_large"],
  },
  (wiring: Wiring) => {
    const { database } = wiring;
    const enroll = gather((enrolments: readonly ChatEnrolment[]) => enrollTogether(database, enrolments), {
      lots: LOTS_AT_ONCE,
      most: VIEWERS_IN_A_LOT,
      keysOf: ({ twitchUserId, characterName, enrollmentRequestId }) => [
        `viewer ${twitchUserId}`,
        `name ${characterName}`,
        `message ${enrollmentRequestId}`,
      ],
    });
    return receive({ ...wiring, enroll });
  },
);

function receive(deps: EventSubDependencies): (ctx: ApiContext) => Promise<void> {
  return async (ctx) => {
    const body = await readRawBody(ctx);
    const headers = {
      messageId: ctx.get("Twitch-Eventsub-Message-Id"),
      timestamp: ctx.get("Twitch-Eventsub-Message-Timestamp"),
      signature: ctx.get("Twitch-Eventsub-Message-Signature"),
    };
    // Nothing is parsed before its sender is known.
    if (deps.eventSubSecret !== "" && !isSignedBy(deps.eventSubSecret, headers, body)) {
      throw new ApiError("unauthorized", { reason: "signature" });
    }
    const message = parseObject(body);
    const type = ctx.get("Twitch-Eventsub-Message-Type") || typeOf(message);
    if (type === "webhook_callback_verification") {
      ctx.type = "text/plain";
      ctx.body = typeof message.challenge === "string" ? message.challenge : "";
      return;
    }
    if (type === "notification") await notify(deps, ctx, message, headers.timestamp);
    else if (type === "revocation") await noteRevocation(deps, ctx, message);
    ctx.status = 200;
    ctx.body = "";
  };
}

async function notify(
  deps: EventSubDependencies,
  ctx: ApiContext,
  message: Record<string, unknown>,
  timestamp: string,
): Promise<void> {
  const subscription = message.subscription;
  const about = ctx.get("Twitch-Eventsub-Subscription-Type") || (isRecord(subscription) ? subscription.type : "");
  if (about !== "" && about !== undefined && about !== CHAT_MESSAGE) return;
  const event = chatEventOf(message.event, deps.channel.broadcasterId);
  if (event === null) {
    deps.log.warn({ requestId: ctx.state.requestId }, "a chat event lacks required fields");
    return;
  }
  const { receivedAt } = ctx.state;
  const sentAt = RFC3339.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (!Number.isNaN(sentAt) && receivedAt - sentAt > OLD_AFTER_MS) {
    const isKnown = await isCommandRecorded(deps.database, event.broadcasterId, event.messageId);
    deps.log.warn({ messageId: event.messageId, isKnown }, "an old chat event");
    if (isKnown) return;
  }
  // A time to come would make the viewer deaf to their own later commands.
  const commandedAt = Number.isNaN(sentAt) ? receivedAt : Math.min(sentAt, receivedAt);
  try {
    const command = await actOnChat(deps, event, { commandedAt, receivedAt });
    if (command !== null) ctx.state.command = command;
  } catch (error) {
    // Whatever kept the effect from being committed: Twitch shall send it again.
    throw new ApiError("temporarily_unavailable", {}, error);
  }
}

/** Twitch gets its 2xx in any case: what could not be written is found by the look that is asked for here. */
async function noteRevocation(
  deps: EventSubDependencies,
  ctx: ApiContext,
  message: Record<string, unknown>,
): Promise<void> {
  const { id, type, status, condition } = isRecord(message.subscription) ? message.subscription : {};
  deps.log.warn({ id, type, status }, "an EventSub subscription was revoked");
  if (type !== undefined && type !== CHAT_MESSAGE) return;
  ctx.state.deadlineAt = ctx.state.receivedAt + REVOCATION_WITHIN_MS;
  const named = isRecord(condition) ? condition.broadcaster_user_id : undefined;
  const broadcasterId = typeof named === "string" ? named : deps.channel.broadcasterId;
  const reason = typeof status === "string" ? status : null;
  try {
    if (typeof id === "string") await recordRevocation(deps.database, { broadcasterId, subscriptionId: id, reason });
  } catch (error) {
    deps.log.error({ error }, "a revocation could not be recorded");
  }
  deps.eventSub.ensureNow();
}

function parseObject(body: Buffer): Record<string, unknown> {
  try {
    const message: unknown = JSON.parse(body.toString("utf8"));
    if (isRecord(message)) return message;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ApiError("invalid_payload", { reason: "not_an_object" });
}

function typeOf(message: Record<string, unknown>): string {
  if ("challenge" in message) return "webhook_callback_verification";
  return "event" in message ? "notification" : "revocation";
}
