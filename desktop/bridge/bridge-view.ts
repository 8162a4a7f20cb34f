import type { Hello } from "@mgm/domain/chat-line/payload";
import type { CommandQueue } from "./commands/command-queue.ts";
import type { GameProcess } from "./commands/input.ts";
import { type TypingBan, typingBan } from "./commands/typing-rules.ts";
import type { PayoutKeeper } from "./loop/payout-keeper.ts";
import type { SpinTimes } from "./loop/poll-times.ts";
import type { Session } from "./loop/session.ts";
import type { Store } from "./store/store.ts";

/** What a bridge knows at one moment. */
export interface BridgeView {
  readonly game: GameProcess | null;
  readonly isWorldShown: boolean;
  readonly isLogPresent: boolean;
  /** What the addon said of itself; null while a hello is owed. */
  readonly hello: Hello | null;
  readonly isAddonNewEnough: boolean | null;
  readonly isDesktopTooOld: boolean;
  readonly spins: SpinTimes | null;
  /** Whether the last beat, at most as old as a beat may be, said that this desktop is the active one. */
  readonly isActive: boolean;
  /** Commands that wait or are being typed, by what they are about, in order. */
  readonly waiting: readonly string[];
  /** Why commands wait; null when they may be typed. */
  readonly ban: "no_game" | TypingBan | null;
  readonly syncable: readonly string[];
}

/** Looks at the parts of a bridge. */
export function viewOf(
  parts: {
    readonly store: Store;
    readonly session: Session;
    readonly queue: CommandQueue;
    readonly isLogPresent: boolean;
    readonly now: number;
  },
  keeper: PayoutKeeper,
): BridgeView {
  const { store, session, queue, isLogPresent, now } = parts;
  const conditions = session.conditions(store, now);
  const ban = typingBan("other", conditions, now);
  return {
    game: session.game,
    isWorldShown: conditions.isWorldShown,
    isLogPresent,
    hello: session.hello,
    isAddonNewEnough: conditions.addon?.isNewEnough ?? null,
    isDesktopTooOld: session.isDesktopTooOld,
    spins: session.spins,
    isActive: typingBan("hello_by_hand", { ...conditions, isDesktopTooOld: false }, now) === null,
    waiting: queue.waiting,
    ban: session.game === null ? "no_game" : ban,
    syncable: keeper.syncable.map(({ id }) => id),
  };
}
