import type { Tracing } from "@mgm/activities/tracing/tracing";
import Koa from "koa";
import type { ApiState } from "./context.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { ApiError } from "./errors.ts";
import type { ApiMetrics } from "./metrics.ts";
import { cors } from "./middleware/cors.ts";
import { deadline } from "./middleware/deadline.ts";
import { onError } from "./middleware/on-error.ts";
import { securityHeaders } from "./middleware/security-headers.ts";
import { traced } from "./middleware/traced.ts";
import { ROUTES } from "./routes/index.ts";
import { describedRoutes } from "./routes/service/document.ts";
import { mount } from "./routing/mount.ts";

/** How the API presents itself to the web. */
export interface Face {
  readonly allowedOrigins: readonly string[];
  readonly isServedOverTls: boolean;
}

/** Builds the API from its dependencies. */
export function createApp(
  deps: ApiDependencies,
  face: Face,
  metrics: ApiMetrics,
  tracing: Tracing | null = null,
): Koa<ApiState> {
  const app = new Koa<ApiState>();
  app.silent = true;
  if (tracing !== null) app.use(traced(tracing));
  app.use(metrics.measured());
  app.use(securityHeaders(face.isServedOverTls));
  app.use(onError(deps.log));
  app.use(cors(face.allowedOrigins));
  app.use(deadline());
  app.use(mount(describedRoutes(ROUTES), deps).routes());
  app.use((ctx) => {
    // Another route's method is told apart from no route at all.
    const known = (ctx as { matched?: { methods: string[] }[] }).matched ?? [];
    if (known.length === 0) throw new ApiError("not_found");
    ctx.set("Allow", [...new Set(known.flatMap(({ methods }) => methods))].join(", "));
    throw new ApiError("method_not_allowed");
  });
  return app;
}
