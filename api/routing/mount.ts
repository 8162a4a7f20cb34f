import type { RouterMiddleware } from "@koa/router";
import Router from "@koa/router";
import type * as z from "zod";
import type { ApiContext, ApiState } from "../context.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { ApiError } from "../errors.ts";
import { desktopAuth, desktopIdOf, requireLease } from "../middleware/desktop-auth.ts";
import { readJson } from "../middleware/json-body.ts";
import { limited } from "../middleware/limited.ts";
import { identityRequired, viewerAuth } from "../middleware/viewer-auth.ts";
import type { Route, RouteSpec, Who } from "./route.ts";

/*
 * What a request must pass, in this order; the first that it fails is what it is told:
 *
 *   route, method ─► credential ─► limit ─► identity ─► path ─► media type, size, JSON ─► fields ─► lease ─► handler
 */

/** A router with these routes and the checks that each declares. */
export function mount(routes: readonly Route[], deps: ApiDependencies): Router<ApiState> {
  const router = new Router<ApiState>();
  const doors = doorsFor(deps);
  for (const { spec, handler } of routes) {
    const handle = handler(deps) as (ctx: ApiContext, asked: unknown) => Promise<void> | void;
    const path = spec.path.replace(/\{(\w+)\}/g, ":$1") + (spec.takesPathsBelow ? "{/*below}" : "");
    const checks: RouterMiddleware<ApiState>[] = [
      (ctx, next) => {
        ctx.state.routeName = spec.name;
        return next();
      },
      ...(spec.isUncounted ? [] : [doors[spec.who]]),
      ...(spec.needsIdentity ? [identityRequired()] : []),
      async (ctx) => {
        const asked = await read(spec, ctx);
        if (spec.needsLease) await requireLease(deps.database, ctx, desktopIdOf(ctx));
        await handle(ctx, asked);
      },
    ];
    router.register(path, [spec.method], checks);
  }
  return router;
}

function doorsFor({ limits, viewerAuth: auth, desktopKeys }: ApiDependencies): Record<Who, RouterMiddleware<ApiState>> {
  return {
    anyone: limited(limits),
    twitch: limited(limits),
    viewer: limited(limits, viewerAuth(auth)),
    moderator: limited(limits, viewerAuth(auth, ["broadcaster", "moderator"])),
    broadcaster: limited(limits, viewerAuth(auth, ["broadcaster"])),
    desktop: limited(limits, desktopAuth(desktopKeys)),
  };
}

async function read(spec: RouteSpec, ctx: ApiContext): Promise<unknown> {
  const params = readParams(spec, ctx);
  const body = spec.body === undefined ? undefined : await readJson(ctx, spec.body, spec.absentBody);
  const query = spec.query === undefined ? undefined : readQuery(spec.query, ctx);
  // A desktop names itself in every request, whether the route looks at it or not.
  if (spec.who === "desktop") desktopIdOf(ctx);
  return { params, query, body };
}

function readParams({ params }: RouteSpec, ctx: ApiContext): unknown {
  if (params === undefined) return undefined;
  const parsed = params.safeParse(ctx.params);
  if (!parsed.success) throw new ApiError("not_found");
  return parsed.data;
}

function readQuery(query: z.ZodObject, ctx: ApiContext): unknown {
  const parsed = query.safeParse({ ...ctx.query });
  if (!parsed.success) {
    throw new ApiError("invalid_payload", { fields: parsed.error.issues.map((issue) => issue.path.join(".")) });
  }
  return parsed.data;
}
