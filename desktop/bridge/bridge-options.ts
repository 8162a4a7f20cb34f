import type { Clock } from "./clock.ts";
import type { CommandAlert } from "./commands/command-queue.ts";
import type { Desk, InputStrategy } from "./commands/input.ts";
import type { DeliveryAlert } from "./delivery/delivery.ts";
import type { Sight } from "./sights.ts";
import type { Store } from "./store/store.ts";

/** What the streamer is told; also `log_unreadable` when the log's file cannot be read. */
export type BridgeAlert =
  | CommandAlert
  | DeliveryAlert
  | { readonly code: "log_unreadable" | "poll_failed" }
  /** A payout's or gift's mail did not leave; its row is ready again, or the gift's stack is gone. */
  | { readonly code: "mail_failed"; readonly id: string }
  /** There is no stack that could be mailed and is promised to nobody: the request is failed. */
  | { readonly code: "no_items_available"; readonly id: string; readonly characterName: string };

/**
 * What a bridge is made of. `strategies`, `attempts`, `pollMs` and `syncsByItself` are read each time they are needed, so
 * that getters there make the streamer's choices count at once.
 */
export interface BridgeOptions {
  readonly store: Store;
  readonly desktopId: string;
  readonly desktopVersion: string;
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Null while it is not known where the log is: then nothing is heard of the game. */
  readonly logPath: string | null;
  readonly desk: Desk;
  readonly strategies: readonly InputStrategy[];
  readonly clock: Clock;
  readonly alert: (alert: BridgeAlert) => void;
  /** Told what the bridge sees and does, for whoever shows it. */
  readonly observe?: (sight: Sight) => void;
  /** How often each strategy may try a command. */
  readonly attempts?: number;
  readonly pollMs: number;
  /** Whether accepted payouts are set InProgress without the streamer's click. */
  readonly syncsByItself: boolean;
}

/** What came of a Sync, payout by payout, with the API's code where it said no; or why there was none. */
export type SyncResult =
  | {
      readonly ok: true;
      readonly payouts: readonly { readonly id: string; readonly isSynced: boolean; readonly code: string | null }[];
    }
  | { readonly ok: false; readonly code: "no_game" | "not_allowed" | "nothing_to_sync" };
