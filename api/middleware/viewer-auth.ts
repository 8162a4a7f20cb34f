import type { RouterMiddleware } from "@koa/router";
import { type CryptoKey, type JWTPayload, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import type { ApiState, Viewer } from "../context.ts";
import { ApiError } from "../errors.ts";

const CLOCK_TOLERANCE_SECONDS = 30;
/** Of some hundred bytes each. A page asks every few seconds, with one token for an hour. */
const REMEMBERED_TOKENS = 20_000;
const ROLES = ["viewer", "broadcaster", "moderator"] as const;

/** What tokens are checked against. Secrets are in standard base64; each of them is valid. */
export interface ViewerAuth {
  /** The channels whose tokens are let in; which of them a request is about, its token says. */
  readonly servedBroadcasterIds: readonly string[];
  readonly extensionSecrets: readonly string[];
}

/** Whose a token is, and until when (Unix seconds). */
interface Owner {
  readonly viewer: Viewer;
  readonly expiresAt: number;
}

/** Lets through requests that carry a valid extension token of a channel that we serve, in one of the roles. */
export function viewerAuth(auth: ViewerAuth, allowed: readonly Viewer["role"][] = ROLES): RouterMiddleware<ApiState> {
  // Once: to import a key costs more than to verify with it.
  const keys = Promise.all(auth.extensionSecrets.map(verificationKey));
  // What was signed stays signed; only the end of it comes.
  const remembered = new LRUCache<string, Owner>({ max: REMEMBERED_TOKENS });
  const identify = async (header: string): Promise<Viewer | null> => {
    const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (token === undefined) return null;
    const known = remembered.get(token);
    if (known !== undefined && !isOver(known.expiresAt)) return known.viewer;
    const claims = await verify(token, await keys);
    const viewer = claims === null ? null : viewerOf(claims, auth.servedBroadcasterIds);
    if (viewer !== null) remembered.set(token, { viewer, expiresAt: claims?.exp ?? 0 });
    return viewer;
  };
  return async (ctx, next) => {
    const viewer = await identify(ctx.get("Authorization"));
    if (viewer === null) throw new ApiError("unauthorized");
    // A good token names its owner even where it opens nothing: the request counts for them.
    ctx.state.viewer = viewer;
    if (!allowed.includes(viewer.role)) throw new ApiError("forbidden", { reason: "role" });
    await next();
  };
}

/** Stops viewers who have not told Twitch to share who they are; nothing can be kept for them. */
export function identityRequired(): RouterMiddleware<ApiState> {
  return async (ctx, next) => {
    if (ctx.state.viewer?.twitchUserId == null) throw new ApiError("forbidden", { reason: "identity_required" });
    await next();
  };
}

function verificationKey(secret: string): Promise<CryptoKey> {
  const usedFor = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", Buffer.from(secret, "base64"), usedFor, false, ["verify"]);
}

async function verify(token: string, keys: readonly CryptoKey[]): Promise<JWTPayload | null> {
  for (const key of keys) {
    try {
      const verified = await jwtVerify(token, key, {
        algorithms: ["HS256"],
        requiredClaims: ["exp"],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return verified.payload;
    } catch {
      // Why a token is not valid is nobody's business, and another secret may fit.
    }
  }
  return null;
}

/** Whether a token's end (Unix seconds) is over, as jose sees it. */
function isOver(expiresAt: number): boolean {
  return expiresAt <= Math.floor(Date.now() / 1000) - CLOCK_TOLERANCE_SECONDS;
}

function viewerOf(claims: Record<string, unknown>, served: readonly string[]): Viewer | null {
  const broadcasterId = served.find((id) => id === claims.channel_id);
  const role = ROLES.find((known) => known === claims.role);
  const twitchUserId = idOf(claims.user_id);
  const opaqueId = idOf(claims.opaque_user_id);
  const identity = twitchUserId ?? opaqueId;
  if (role === undefined || identity === null || broadcasterId === undefined) return null;
  return {
    broadcasterId,
    role,
    twitchUserId,
    identity: twitchUserId === null ? `opaque:${identity}` : `user:${identity}`,
  };
}

function idOf(claim: unknown): string | null {
  return typeof claim === "string" && claim.length >= 1 && claim.length <= 64 && !claim.includes("\0") ? claim : null;
}
