import { type ExtensionUser, extensionJwt } from "@mgm/simulator/twitch/extension-jwt";

/** The channel of pages whose API is played. */
export const CHANNEL = "700100200";

/** What the helper says when somebody opens a page whose API is played: nobody checks the signature. */
export async function authorization(user: ExtensionUser): Promise<Readonly<Record<string, unknown>>> {
  const token = await extensionJwt(user, { secret: "bm9ib2R5IGNoZWNrcyB0aGlz", channelId: CHANNEL });
  return authorized(token, CHANNEL);
}

/** What the helper says when it has this token. */
export function authorized(token: string, channelId: string): Readonly<Record<string, unknown>> {
  return {
    rig: "authorize",
    auth: { channelId, clientId: "rig", token, helixToken: "helix-token", userId: "U1" },
    viewer: {},
  };
}

export const KNOWN: ExtensionUser = { role: "viewer", userId: "810000001" };
export const UNSHARED: ExtensionUser = { role: "viewer", unlinked: "unlinked-1" };
export const ANONYMOUS: ExtensionUser = { role: "viewer", anonymous: "anonymous-1" };
