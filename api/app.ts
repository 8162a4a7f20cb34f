import Koa from "koa";
import type { ApiState } from "./context.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { ApiError } from "./errors.ts";
import { cors } from "./middleware/cors.ts";
import { deadline } from "./middleware/deadline.ts";
import { onError } from "./middleware/on-error.ts";
import { ROUTES } from "./routes/index.ts";
import { describedRoutes } from "./routes/service/document.ts";
import { mount } from "./routing/mount.ts";

/** Builds the API from its dependencies. */
export function createApp(deps: ApiDependencies, allowedOrigins: readonly string[]): Koa<ApiState> {
  const app = new Koa<ApiState>();
  app.silent = true;
  app.use(onError(deps.log));
  app.use(cors(allowedOrigins));
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
