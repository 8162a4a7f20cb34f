import type { Database } from "@mgm/activities/db/database";
import type { Timings } from "@mgm/domain/timings";
import type { EventSubStatus } from "@mgm/domain/wire";
import type { Logger } from "pino";
import type { RateLimits } from "./limits/rate-limits.ts";
import type { DesktopKey } from "./middleware/desktop-auth.ts";
import type { ViewerAuth } from "./middleware/viewer-auth.ts";
import type { WorkflowGateway } from "./workflow-gateway.ts";

/** What part of us says of itself; only `down` makes the whole degraded. */
export type PartHealth = "ok" | "down" | "unconfigured" | "simulated";

/** A status and since when it is so, in Unix milliseconds. */
export interface EventSubStanding {
  readonly status: EventSubStatus;
  readonly since: number;
}

/** The subscriptions to channels' chats. */
export interface EventSub {
  /** Of one channel, over all processes; rejects without PostgreSQL. */
  status(broadcasterId: string): Promise<EventSubStanding>;
  /** Asks for a look at it now, in the background. */
  ensureNow(): void;
}

/**
 * The channel that this process is set up for: whose tokens are let in, whose chat is listened to, and whose state
 * `/readyz` tells. Whose data a request is about is said by its credential alone.
 */
export interface ServedChannel {
  readonly broadcasterId: string;
  readonly botUserId: string | null;
}

/** All that the API is made of; `main` wires it. */
export interface ApiDependencies {
  readonly database: Database;
  readonly workflows: WorkflowGateway;
  readonly log: Logger;
  readonly timings: Timings;
  readonly limits: RateLimits;
  readonly channel: ServedChannel;
  readonly viewerAuth: ViewerAuth;
  readonly desktopKeys: readonly DesktopKey[];
  /** Empty: signatures are not checked (development only). */
  readonly eventSubSecret: string;
  readonly eventSub: EventSub;
  readonly skipSubscriberCheck: boolean;
  /** Whether Twitch says that a viewer subscribes; `unconfigured` and `unavailable` are no yes. */
  readonly isSubscriber: (viewer: {
    readonly broadcasterId: string;
    readonly viewerId: string;
  }) => Promise<"yes" | "no" | "unavailable" | "unconfigured">;
  readonly displayName: (twitchUserId: string) => Promise<string | null>;
  readonly health: {
    readonly temporal: () => Promise<PartHealth>;
    readonly worker: () => Promise<PartHealth>;
    /** Which builds of the workflow code are at work. */
    readonly workerBuilds: () => Promise<readonly string[]>;
    readonly eventSub: () => Promise<PartHealth>;
    /** By schedule, whether it is there and not paused; rejects without Temporal. */
    readonly schedules: () => Promise<Readonly<Record<string, boolean>>>;
    /** Rejects without PostgreSQL. */
    readonly missingGrants: (broadcasterId: string) => Promise<readonly string[]>;
  };
}
