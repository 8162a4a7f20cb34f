import type { RouterMiddleware } from "@koa/router";
import type { Middleware } from "koa";
import type { ApiState } from "../context.ts";
import { ApiError } from "../errors.ts";
import { clientAddress } from "../limits/client-address.ts";
import type { Budget, LimitSettings, RateLimits } from "../limits/rate-limits.ts";
import type { Verdict } from "../limits/sliding-windows.ts";

type Context = Parameters<RouterMiddleware<ApiState>>[0];

/**
 * Checks the credential and then the limit of whoever it names; without a valid one, that of the client's address. Every
 * answer says how much is left. Without `check` the route is everybody's.
 */
export function limited(limits: RateLimits, check?: RouterMiddleware<ApiState>): RouterMiddleware<ApiState> {
  return async (ctx, next) => {
    // A credential that is refused counts too, so the refusal waits until its request is counted.
    const refusal = check === undefined ? null : await refusalOf(check, ctx);
    const verdict = await limits.count(budgetOf(ctx, limits.settings)).catch((error: unknown) => {
      // Whoever has no valid credential is told that, whether we can count or not.
      throw refusal ?? error;
    });
    tell(ctx, verdict);
    if (!verdict.passed) throw new ApiError("rate_limited");
    if (refusal !== null) throw refusal;
    await next();
  };
}

async function refusalOf(check: RouterMiddleware<ApiState>, ctx: Context): Promise<ApiError | null> {
  try {
    await check(ctx, async () => undefined);
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function budgetOf(ctx: Context, settings: LimitSettings): Budget {
  const { viewer, desktopOf, desktopKeyId } = ctx.state;
  if (desktopKeyId !== undefined) {
    return { subject: `desktop:${desktopOf}:${desktopKeyId}`, limit: settings.desktopRequests, isExact: false };
  }
  const who =
    viewer === undefined ? `address:${addressOf(ctx, settings)}` : `${viewer.broadcasterId}:${viewer.identity}`;
  if (ctx.method === "GET" || ctx.method === "HEAD") {
    return { subject: `reads:${who}`, limit: settings.viewerReads, isExact: false };
  }
  if (viewer === undefined || viewer.role === "viewer") {
    return { subject: `writes:${who}`, limit: settings.viewerWrites, isExact: true };
  }
  return { subject: `moderation:${who}`, limit: settings.moderatorWrites, isExact: true };
}

function addressOf(ctx: Context, settings: LimitSettings): string {
  const { remoteAddress } = ctx.req.socket;
  return clientAddress({ remoteAddress, forwardedFor: ctx.get("X-Forwarded-For") }, settings.trustedProxyHops);
}

function tell(ctx: Pick<Parameters<Middleware>[0], "set">, verdict: Verdict): void {
  const resetSeconds = String(Math.max(1, Math.ceil(verdict.resetMs / 1000)));
  ctx.set("RateLimit-Limit", String(verdict.limit));
  ctx.set("RateLimit-Remaining", String(verdict.remaining));
  ctx.set("RateLimit-Reset", resetSeconds);
  if (!verdict.passed) ctx.set("Retry-After", resetSeconds);
}
