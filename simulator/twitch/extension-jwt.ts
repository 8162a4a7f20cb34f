import { SignJWT, UnsecuredJWT } from "jose";

/** Who opens the extension. */
export type ExtensionUser =
  | { role: "viewer"; userId: string }
  | { role: "moderator"; userId: string }
  | { role: "broadcaster" }
  /** Logged in, identity not shared: a stable opaque id. */
  | { role: "viewer"; unlinked: string }
  /** Logged out: an opaque id that the next page load changes. */
  | { role: "viewer"; anonymous: string };

/** Ways to make a token that must be refused, or an unusual one that must not. */
export type ExtensionJwtOptions = {
  /** Standard base64, as the console shows it. */
  secret: string;
  channelId: string;
  /** Seconds from now; negative for one that has expired. */
  expiresInSeconds?: number;
  /** Laid over the claims; undefined takes a claim out. */
  claims?: Record<string, unknown>;
  /** Twitch signs with HS256 alone. */
  algorithm?: "HS256" | "HS384" | "HS512" | "none";
};

/** A token as Twitch's extension helper hands it to the page. */
export async function extensionJwt(user: ExtensionUser, options: ExtensionJwtOptions): Promise<string> {
  const { secret, channelId, expiresInSeconds = 3600, claims = {}, algorithm = "HS256" } = options;
  const payload = {
    exp: Math.floor(Date.now() / 1000) + expiresInSeconds,
    channel_id: channelId,
    role: user.role,
    is_unlinked: false,
    ...identityClaims(user, channelId),
    pubsub_perms: { listen: ["broadcast", "global"], ...(user.role === "broadcaster" && { send: ["broadcast"] }) },
    ...claims,
  };
  const present = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  if (algorithm === "none") return new UnsecuredJWT(present).encode();
  return new SignJWT(present).setProtectedHeader({ alg: algorithm, typ: "JWT" }).sign(keyBytes(secret));
}

/** The bytes of an extension secret; the console's alphabet is the standard one, not base64url. */
export function keyBytes(secret: string): Uint8Array {
  return new Uint8Array(Buffer.from(secret, "base64"));
}

function identityClaims(user: ExtensionUser, channelId: string): { opaque_user_id: string; user_id?: string } {
  if ("anonymous" in user) return { opaque_user_id: `A${user.anonymous}` };
  if ("unlinked" in user) return { opaque_user_id: `U${user.unlinked}` };
  const userId = user.role === "broadcaster" ? channelId : user.userId;
  // The broadcaster's opaque id is the real one with a U in front; everybody else's tells nothing.
  const opaque = user.role === "broadcaster" ? userId : Buffer.from(userId).toString("hex");
  return { opaque_user_id: `U${opaque}`, user_id: userId };
}
