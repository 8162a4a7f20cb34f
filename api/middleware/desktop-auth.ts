import { createHash, timingSafeEqual } from "node:crypto";
import type { RouterMiddleware } from "@koa/router";
import type { Database } from "@mgm/activities/db/database";
import { mayDesktopWrite } from "@mgm/activities/db/desktop/lease";
import { UNNAMED_DESKTOP } from "@mgm/domain/payout";
import { parseDesktopId } from "../config.ts";
import { type ApiContext, type ApiState, desktopBroadcasterOf } from "../context.ts";
import { ApiError } from "../errors.ts";

/** A key and whose desktop it opens the door to. */
export interface DesktopKey {
  readonly broadcasterId: string;
  readonly key: string;
}

const KEY_ID_BYTES = 8;

/** Lets through requests with a valid desktop key; every key is compared, each in constant time. */
export function desktopAuth(keys: readonly DesktopKey[]): RouterMiddleware<ApiState> {
  const known = keys.map(({ broadcasterId, key }) => ({ broadcasterId, digest: digestOf(key) }));
  return async (ctx, next) => {
    const digest = digestOf(ctx.get("X-MGM-ApiKey"));
    const [match] = known.filter((candidate) => timingSafeEqual(candidate.digest, digest));
    if (match === undefined) throw new ApiError("forbidden_apikey");
    ctx.state.desktopOf = match.broadcasterId;
    ctx.state.desktopKeyId = match.digest.toString("hex", 0, KEY_ID_BYTES);
    await next();
  };
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** The desktop that calls; the one that sends no id is the unnamed one. */
export function desktopIdOf(ctx: ApiContext): string {
  const header = ctx.get("X-MGM-Desktop");
  if (header === "") return UNNAMED_DESKTOP;
  const id = parseDesktopId(header);
  if (id === null) throw new ApiError("invalid_payload", { fields: ["X-MGM-Desktop"] });
  return id;
}

/** Refuses a write of a desktop while another one is active. Facts are not asked about. */
export async function requireLease(database: Database, ctx: ApiContext, desktopId: string): Promise<void> {
  if (!(await mayDesktopWrite(database, desktopBroadcasterOf(ctx), desktopId))) {
    throw new ApiError("desktop_not_active");
  }
}
