import type { TwitchAuthorization } from "./helper.external.ts";

const HELIX = "https://api.twitch.tv/helix";
const USER_NUMBER = /^\d+$/;

/** Somebody on Twitch, or why there is nobody. */
export type FoundUser =
  | { readonly ok: true; readonly id: string; readonly name: string }
  | { readonly ok: false; readonly reason: "unknown" | "unreachable" };

/**
 * Finds somebody by what a streamer sees in chat. A number is taken as the id; a name is asked of Twitch with the token
 * that the helper gave, which opens look-ups that need no scope.
 */
export async function findUser(typed: string, authorization: TwitchAuthorization | null): Promise<FoundUser> {
  const wanted = typed.trim().replace(/^@/, "").toLowerCase();
  if (USER_NUMBER.test(wanted)) return { ok: true, id: wanted, name: wanted };
  if (authorization?.helixToken === undefined) return { ok: false, reason: "unreachable" };
  try {
    const response = await fetch(`${HELIX}/users?login=${encodeURIComponent(wanted)}`, {
      headers: { "Client-Id": authorization.clientId, Authorization: `Extension ${authorization.helixToken}` },
    });
    // Twitch calls a name that cannot exist a bad request.
    if (response.status === 400) return { ok: false, reason: "unknown" };
    if (!response.ok) return { ok: false, reason: "unreachable" };
    const { data } = (await response.json()) as { data: { id: string; display_name: string }[] };
    const [user] = data;
    return user === undefined ? { ok: false, reason: "unknown" } : { ok: true, id: user.id, name: user.display_name };
  } catch {
    return { ok: false, reason: "unreachable" };
  }
}
