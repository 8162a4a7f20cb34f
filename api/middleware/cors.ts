import type { Middleware } from "koa";
import type { ApiState } from "../context.ts";

const EXPOSED = "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Request-Id";
const PREFLIGHT_SECONDS = "600";

/** Allows the given origins and nobody else to read our answers from a page. */
export function cors(allowedOrigins: readonly string[]): Middleware<ApiState> {
  const allowed = new Set(allowedOrigins);
  return async (ctx, next) => {
    ctx.vary("Origin");
    const origin = ctx.get("Origin");
    if (!allowed.has(origin)) {
      await next();
      return;
    }
    ctx.set("Access-Control-Allow-Origin", origin);
    ctx.set("Access-Control-Expose-Headers", EXPOSED);
    if (ctx.method === "OPTIONS") {
      ctx.set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
      ctx.set("Access-Control-Allow-Headers", "Authorization, Content-Type");
      ctx.set("Access-Control-Max-Age", PREFLIGHT_SECONDS);
      ctx.status = 204;
      return;
    }
    await next();
  };
}
