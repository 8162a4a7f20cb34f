import type { RouterContext } from "@koa/router";
import type { DefaultContext } from "koa";

/** Who a viewer's token says they are. */
export interface Viewer {
  readonly broadcasterId: string;
  readonly role: "viewer" | "broadcaster" | "moderator";
  /** Present when the viewer shared their identity. */
  readonly twitchUserId: string | null;
  /** What the viewer's requests are counted under. */
  readonly identity: string;
}

/** What middlewares leave for those after them. */
export interface ApiState {
  requestId: string;
  /** Unix milliseconds of receipt. */
  receivedAt: number;
  /** By when every caller must have an answer; handlers that wait on purpose move it. */
  deadlineAt: number;
  /** As the route is declared; absent where there is none. */
  routeName?: string;
  /** What became of a command from chat; absent where the message held none for us. */
  command?: { readonly kind: "gold" | "gift"; readonly result: string };
  viewer?: Viewer;
  /** The broadcaster that the desktop's key belongs to. */
  desktopOf?: string;
  /** Tells desktop keys apart without saying what they are. */
  desktopKeyId?: string;
  body?: unknown;
}

/** The context that our handlers see. */
export type ApiContext = RouterContext<ApiState, DefaultContext, unknown>;

/** The viewer of a route that checks tokens. */
export function viewerOf(ctx: ApiContext): Viewer {
  if (ctx.state.viewer === undefined) throw new Error("this route checks no token");
  return ctx.state.viewer;
}

/** The viewer of a route that lets only those through who share who they are. */
export function identifiedViewerOf(ctx: ApiContext): Viewer & { readonly twitchUserId: string } {
  const viewer = viewerOf(ctx);
  if (viewer.twitchUserId === null) throw new Error("this route does not ask for an identity");
  return { ...viewer, twitchUserId: viewer.twitchUserId };
}

/** The broadcaster of a route that checks desktop keys. */
export function desktopBroadcasterOf(ctx: ApiContext): string {
  if (ctx.state.desktopOf === undefined) throw new Error("this route checks no key");
  return ctx.state.desktopOf;
}

/** The broadcaster that the request's credential, of either kind, belongs to. */
export function broadcasterOf(ctx: ApiContext): string {
  return ctx.state.desktopOf ?? viewerOf(ctx).broadcasterId;
}
