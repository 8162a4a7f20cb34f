import type { Tracing } from "@mgm/activities/tracing/tracing";
import type { Middleware } from "koa";
import type { ApiState } from "../context.ts";

/** Makes a span of each request; stands in front of everything. */
export function traced(tracing: Tracing): Middleware<ApiState> {
  return async (ctx, next) => {
    await tracing.request(async () => {
      await next();
      const { routeName } = ctx.state;
      // A method that nobody declared may be anything.
      if (routeName === undefined) return { method: "any", status: ctx.status };
      return { method: ctx.method, route: routeName, status: ctx.status };
    });
  };
}
