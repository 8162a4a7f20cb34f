/** Who looks at a page, as far as the page may know it. The API alone decides what they may do. */
export interface Onlooker {
  /**
   * `known`: shared who they are. `unshared`: logged in, but an opaque id is all we get. `anonymous`: not logged in.
   */
  readonly kind: "known" | "unshared" | "anonymous";
  readonly role: string;
  readonly channelId: string;
}

/** Reads a token's claims without judging its signature; null when it is no token. */
export function onlookerOf(token: string): Onlooker | null {
  const claims = claimsOf(token);
  if (claims === null || typeof claims.channel_id !== "string") return null;
  const opaqueId = typeof claims.opaque_user_id === "string" ? claims.opaque_user_id : "";
  const isKnown = typeof claims.user_id === "string" && claims.user_id !== "";
  return {
    kind: isKnown ? "known" : opaqueId.startsWith("U") ? "unshared" : "anonymous",
    role: typeof claims.role === "string" ? claims.role : "viewer",
    channelId: claims.channel_id,
  };
}

function claimsOf(token: string): Record<string, unknown> | null {
  const payload = token.split(".")[1] ?? "";
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
