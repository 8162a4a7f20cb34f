import { callTwitchApiRaw } from "@twurple/api-call";
import { type AppToken, AppTokenError } from "./app-token.ts";
import { callFailure } from "./call-failure.ts";
import { chatSendAnswer, errorAnswer } from "./helix.external.ts";
import type { TwitchAccess } from "./twitch-access.ts";
import { chatUserId } from "./twitch-settings.ts";

/**
 * What became of one chat message.
 *
 *     sent      Twitch said that it is in chat
 *     refused   certainly not in chat: may be tried again
 *     held      AutoMod holds it, a moderator may still let it through: must not be sent again
 *     unknown   it may be in chat or not: must not be sent again
 */
export type ChatSendOutcome =
  | { kind: "sent"; messageId: string }
  | {
      kind: "refused";
      /** `no_token`, `unreachable`, `http_<status>`, `dropped`, or Twitch's own drop code. */
      reason: string;
      /** Twitch's words, or why there is no token; for people, not for decisions. */
      detail?: string;
      /** Twitch takes no message before that, from now. */
      retryAfterMs?: number;
    }
  | { kind: "held"; reason: "automod_held" }
  | { kind: "unknown"; reason: "timeout" | "reset" | "server_error" | "unreadable_answer" };

const MAX_DETAIL_LENGTH = 200;

/** One line and the chat that it is for. */
export type ChatPost = { broadcasterId: string; message: string; timeoutMs?: number };

/**
 * Posts one message to a broadcaster's chat as the bot, with at most one request to the chat endpoint and without
 * ever throwing over what Twitch or the network does. Twitch knows no idempotency key, so repeating is the caller's
 * decision; @twurple's ApiClient would take it by itself.
 */
export async function sendChatMessage(access: TwitchAccess, input: ChatPost): Promise<ChatSendOutcome> {
  let token: AppToken;
  try {
    token = await access.appTokens.get();
  } catch (error) {
    if (!(error instanceof AppTokenError)) throw error;
    return { kind: "refused", reason: "no_token", detail: error.reason };
  }
  try {
    const response = await post(access, token, input);
    if (response.status === 401) access.appTokens.drop(token.accessToken);
    return await readOutcome(response);
  } catch (error) {
    const failure = callFailure(error);
    return failure === "unreachable" ? { kind: "refused", reason: failure } : { kind: "unknown", reason: failure };
  }
}

function post(
  access: TwitchAccess,
  token: AppToken,
  { broadcasterId, message, timeoutMs = access.settings.timeoutMs }: ChatPost,
): Promise<Response> {
  const jsonBody = { broadcaster_id: broadcasterId, sender_id: chatUserId(access.settings, broadcasterId), message };
  return callTwitchApiRaw(
    { type: "helix", url: "chat/messages", method: "POST", jsonBody },
    token.clientId,
    token.accessToken,
    "Bearer",
    access.fetchOptions(AbortSignal.timeout(timeoutMs)),
  );
}

/** Reads an answer; throws what fetch throws when its body breaks off and the status alone does not decide. */
async function readOutcome(response: Response): Promise<ChatSendOutcome> {
  if (response.status >= 500) return abandon(response, { kind: "unknown", reason: "server_error" });
  if (response.status >= 400) return refusedBy(response);
  if (!response.ok) return abandon(response, { kind: "unknown", reason: "unreadable_answer" });

  const answer = chatSendAnswer.safeParse(parseJson(await response.text())).data?.data[0];
  if (!answer) return { kind: "unknown", reason: "unreadable_answer" };
  if (answer.is_sent) return { kind: "sent", messageId: answer.message_id };
  const { code, message } = answer.drop_reason ?? {};
  if (code === "automod_held") return { kind: "held", reason: code };
  return { kind: "refused", reason: code ?? "dropped", ...(message && { detail: cut(message) }) };
}

async function refusedBy(response: Response): Promise<ChatSendOutcome> {
  const retryAfterMs = response.status === 429 ? untilReset(response.headers.get("Ratelimit-Reset")) : null;
  // The status has decided; a body that does not arrive only costs the explanation.
  const text = await response.text().catch(() => "");
  const detail = errorAnswer.safeParse(parseJson(text)).data?.message;
  return {
    kind: "refused",
    reason: `http_${response.status}`,
    ...(detail && { detail: cut(detail) }),
    ...(retryAfterMs !== null && { retryAfterMs }),
  };
}

/** The header is the Unix time in seconds at which the budget is full again. */
function untilReset(header: string | null): number | null {
  const resetSeconds = Number(header ?? Number.NaN);
  return Number.isFinite(resetSeconds) ? Math.max(0, resetSeconds * 1000 - Date.now()) : null;
}

/** Leaves the body unread, and the connection free. */
async function abandon(response: Response, outcome: ChatSendOutcome): Promise<ChatSendOutcome> {
  await response.body?.cancel().catch(() => undefined);
  return outcome;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cut(text: string): string {
  return text.slice(0, MAX_DETAIL_LENGTH);
}
