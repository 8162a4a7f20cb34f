import { callTwitchApiRaw } from "@twurple/api-call";
import { SignJWT } from "jose";
import { callFailure } from "./call-failure.ts";
import type { TwitchAccess } from "./twitch-access.ts";

/** Who we are to the extension's pages. */
export interface ExtensionIdentity {
  readonly clientId: string;
  /** The account that owns the extension. */
  readonly ownerId: string;
  /** In standard base64; the first one signs, until Twitch refuses it. */
  readonly secrets: readonly string[];
}

/** Whether a message went out; `reason` is `http_<status>`, `timeout`, `unreachable` or `reset`. */
export type PublishResult = { readonly kind: "sent" } | { readonly kind: "failed"; readonly reason: string };

/** Sends a text to all pages of a channel; tried once. */
export type PublishToExtension = (
  broadcasterId: string,
  message: string,
  deadline: AbortSignal,
) => Promise<PublishResult>;

/** The largest message that Twitch takes, in bytes. */
export const LARGEST_MESSAGE_BYTES = 5 * 1024;

const TOKEN_LIFE_SECONDS = 120;

/** Extension PubSub, with a token that we sign ourselves for each message. */
export function extensionPublisher(access: TwitchAccess, identity: ExtensionIdentity): PublishToExtension {
  let signing = 0;
  return async (broadcasterId, message, deadline) => {
    const secret = identity.secrets[signing % identity.secrets.length] ?? "";
    const token = await backendToken(identity.ownerId, broadcasterId, secret);
    const jsonBody = { target: ["broadcast"], broadcaster_id: broadcasterId, is_global_broadcast: false, message };
    const call = { type: "helix", url: "extensions/pubsub", method: "POST", jsonBody } as const;
    try {
      const options = access.fetchOptions(deadline);
      const response = await callTwitchApiRaw(call, identity.clientId, token, "Bearer", options);
      await response.body?.cancel();
      if (response.ok) return { kind: "sent" };
      // After a rotation the first secret may not be valid yet, or no more.
      if (response.status === 401 || response.status === 403) signing += 1;
      return { kind: "failed", reason: `http_${response.status}` };
    } catch (error) {
      return { kind: "failed", reason: callFailure(error) };
    }
  };
}

/** A token as Twitch wants it from a backend: role `external`, no opaque id, permission to send and nothing else. */
function backendToken(ownerId: string, channelId: string, secret: string): Promise<string> {
  const claims = { user_id: ownerId, role: "external", channel_id: channelId, pubsub_perms: { send: ["broadcast"] } };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setExpirationTime(Math.floor(Date.now() / 1000) + TOKEN_LIFE_SECONDS)
    .sign(Buffer.from(secret, "base64"));
}
