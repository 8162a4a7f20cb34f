/** Requests that the load process makes up by itself. Secrets as the API has them. */
export type Requests =
  /**
   * Viewers who poll the state, each with a token of their own, in turn. The same viewers with the same tokens for the same
   * `since` (Unix seconds), which is when they opened their pages.
   */
  | {
      readonly kind: "state";
      readonly viewers: number;
      readonly since: number;
      readonly secret: string;
      readonly channelId: string;
    }
  /** `!twgold` of subscribers: each of another one, with another name. So many are made before the clock starts. */
  | { readonly kind: "enrolments"; readonly secret: string; readonly channelId: string; readonly made: number }
  /** Chat that is no command. */
  | { readonly kind: "chatter"; readonly secret: string; readonly channelId: string }
  /** Sync and unlock in turn: of each connection's own payout. */
  | { readonly kind: "updates"; readonly desktopKey: string; readonly payoutIds: readonly string[] };

/** What the load process is asked to do: one JSON object on its standard input. */
export interface LoadPlan {
  readonly url: string;
  /** Connections, each with one request at a time. */
  readonly connections: number;
  /** So many are due in a second whether or not earlier ones were answered; without it, each connection asks at once again. */
  readonly perSecond?: number;
  /** The end: after a time, or after a number of requests. */
  readonly seconds?: number;
  readonly count?: number;
  /** Sends what was answered 503 again until it is not, as Twitch does. */
  readonly redeliver?: boolean;
  readonly requests: Requests;
}

/** What the load process saw; one JSON object on its standard output. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
  /** The load's own processor time, as a share of one core: near 100, it is the load that was measured. */
  readonly corePercent: number;
  /** Deliveries beyond each request's first one. */
  readonly redelivered: number;
  /** Last answers by status; -1 counts requests without one. */
  readonly statuses: Readonly<Record<string, number>>;
}
