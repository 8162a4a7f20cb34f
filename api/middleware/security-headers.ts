import type { Middleware } from "koa";
import type { ApiState } from "../context.ts";

/** What browsers are told about every answer: nothing of it is a page, a script or a frame, and nobody keeps it. */
export function securityHeaders(isServedOverTls: boolean): Middleware<ApiState> {
  return async (ctx, next) => {
    ctx.set({
      "Cache-Control": "no-store",
      "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      ...(isServedOverTls ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
    });
    await next();
  };
}
