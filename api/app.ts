import Router from "@koa/router";
import Koa from "koa";
import type { ApiState } from "./context.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { ApiError } from "./errors.ts";
import { cors } from "./middleware/cors.ts";
import { deadline } from "./middleware/deadline.ts";
import { desktopAuth } from "./middleware/desktop-auth.ts";
import { limited } from "./middleware/limited.ts";
import { onError } from "./middleware/on-error.ts";
import { pathId } from "./middleware/path-id.ts";
import { identityRequired, viewerAuth } from "./middleware/viewer-auth.ts";
import { removePoolEntry } from "./routes/broadcaster/pool.ts";
import { putSpins } from "./routes/broadcaster/spins.ts";
import { postHeartbeat } from "./routes/desktop/heartbeat.ts";
import { receiveEventSub } from "./routes/eventsub/receive.ts";
import {
  cancelByBroadcaster,
  confirmAcceptance,
  confirmMailSent,
  patchStatus,
  settle,
} from "./routes/payouts/change.ts";
import { getMyLast, getPayouts, getPending } from "./routes/payouts/read.ts";
import { postClaim } from "./routes/pool/claim.ts";
import { getMembership } from "./routes/pool/me.ts";
import { getCandidate, getState } from "./routes/roulette/state.ts";
import { verifyCandidate } from "./routes/roulette/verify-candidate.ts";
import { getHealth, getReadiness } from "./routes/service/health.ts";
import { getVersion } from "./routes/service/version.ts";

/** Builds the API from its dependencies. */
export function createApp(deps: ApiDependencies, allowedOrigins: readonly string[]): Koa<ApiState> {
  const app = new Koa<ApiState>();
  app.silent = true;
  app.use(onError(deps.log));
  app.use(cors(allowedOrigins));
  app.use(deadline());
  const router = createRouter(deps);
  app.use(router.routes());
  app.use((ctx) => {
    // Another route's method is told apart from no route at all.
    const known = (ctx as { matched?: { methods: string[] }[] }).matched ?? [];
    if (known.length === 0) throw new ApiError("not_found");
    ctx.set("Allow", [...new Set(known.flatMap(({ methods }) => methods))].join(", "));
    throw new ApiError("method_not_allowed");
  });
  return app;
}

function createRouter(deps: ApiDependencies): Router<ApiState> {
  const router = new Router<ApiState>();
  const { limits } = deps;
  const anyone = limited(limits);
  const viewer = limited(limits, viewerAuth(deps.viewerAuth));
  const broadcaster = limited(limits, viewerAuth(deps.viewerAuth, ["broadcaster"]));
  const moderator = limited(limits, viewerAuth(deps.viewerAuth, ["broadcaster", "moderator"]));
  const desktop = limited(limits, desktopAuth(deps.desktopKeys));

  router.get("/api/roulette/state", viewer, getState(deps));
  router.get("/api/pool/me", viewer, getMembership(deps));
  router.get("/api/payouts/my-last", viewer, getMyLast(deps));
  router.post("/api/payouts/claim", viewer, identityRequired(), postClaim(deps));

  router.post("/api/desktop/heartbeat", desktop, postHeartbeat(deps));
  router.get("/api/roulette/candidate", desktop, getCandidate(deps));
  router.post("/api/roulette/verify-candidate", desktop, verifyCandidate(deps));
  router.get("/api/payouts/pending", desktop, getPending(deps));
  router.get("/api/payouts", desktop, getPayouts(deps));
  router.patch("/api/payouts/:id/status", desktop, pathId(), patchStatus(deps));
  router.post("/api/payouts/:id/confirm-acceptance", desktop, pathId(), confirmAcceptance(deps));
  router.post("/api/payouts/:id/confirm-mail-sent", desktop, pathId(), confirmMailSent(deps));
  router.post("/api/payouts/:id/settle", desktop, pathId(), settle(deps));

  router.post("/api/broadcaster/payouts/:id/cancel", broadcaster, pathId(), cancelByBroadcaster(deps));
  router.put("/api/broadcaster/spins", moderator, putSpins(deps));
  router.delete("/api/broadcaster/pool/:twitchUserId", moderator, removePoolEntry(deps));

  router.post("/api/twitch/eventsub{/*below}", receiveEventSub(deps));
  router.get("/api/version", anyone, getVersion());
  router.get("/healthz", getHealth());
  router.get("/readyz", getReadiness(deps));
  return router;
}
