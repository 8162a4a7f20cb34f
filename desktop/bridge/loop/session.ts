import type { Hello } from "@mgm/domain/chat-line/payload";
import type { GameProcess } from "../commands/input.ts";
import { type CommandKind, type TypingBan, type TypingConditions, typingBan } from "../commands/typing-rules.ts";
import { isSameProcess } from "../mail/injected.ts";
import { REPEAT_PATIENCE_MS } from "../mail/mail-ledger.ts";
import { ONLY, type Store } from "../store/store.ts";
import { HELLO_AT_START, type HelloSchedule } from "../trust/hello-schedule.ts";
import type { SpinTimes } from "./poll-times.ts";
import { isAtLeast } from "./versions.ts";

/** The client writes READY a moment after its process was made; clocks of one machine, rounded differently. */
const PROCESS_TOLERANCE_MS = 2_000;
/** A line that is this old was written while the present game ran, if that began before the clock was put back. */
const FRESH_MS = 10_000;

/**
 * What a bridge knows until it ends: nothing of this survives, because a start asks for all of it anew. What was said
 * since the last hello is forgotten by the next one, after which the addon has to hear it again.
 */
export class Session {
  lease: TypingConditions["lease"] = null;
  game: GameProcess | null = null;
  helloSchedule: HelloSchedule = HELLO_AT_START;
  /** What the addon answered to the last hello; null while one is owed. */
  hello: Hello | null = null;
  /** When it was answered, by the clock that nobody puts. */
  #helloAt = 0;
  /** The last game that was seen, also when none is seen now. */
  #lastGame: GameProcess | null = null;
  /** The last game that was seen to show a world. */
  #gameInWorld: GameProcess | null = null;
  /** When a world was seen that was another game's. */
  #othersWorldAt: number | null = null;
  minimumAddonVersion: string | null = null;
  /** Whether the API works with newer desktops only. */
  isDesktopTooOld = false;
  /** As the last beat told; null until then. */
  spins: SpinTimes | null = null;
  /** Commands asked for since the last hello, by what they are about. */
  readonly asked = new Set<string>();

  /** A hello was answered: the addon forgot what waits, and hears it again. */
  greet(hello: Hello, elapsedMs: number): void {
    this.hello = hello;
    this.#helloAt = elapsedMs;
    this.asked.clear();
  }

  /** The game that runs now. What another run of it answered is no word of this one. */
  meet(game: GameProcess | null): void {
    if (game !== null && this.#lastGame !== null && !isSameProcess(game, this.#lastGame)) this.hello = null;
    this.game = game;
    this.#lastGame = game ?? this.#lastGame;
  }

  /** Whether the addon answered a hello and had the time to repeat what it knows. */
  hasRepeated(elapsedMs: number): boolean {
    return this.hello !== null && this.game !== null && elapsedMs - this.#helloAt >= REPEAT_PATIENCE_MS;
  }

  /** What the typing rules look at. */
  conditions(store: Store, now: number): TypingConditions {
    const { lease, isDesktopTooOld } = this;
    return { lease, isWorldShown: this.isWorldShown(store, now), addon: this.addon(), isDesktopTooOld };
  }

  /**
   * Whether the process that runs now has shown a world and not said goodbye: a login screen must not be typed at. Seen once,
   * it holds for that process whatever the clock is put to meanwhile.
   */
  isWorldShown(store: Store, now: number): boolean {
    const { game } = this;
    const world = store.get("world", ONLY);
    if (game === null || world?.isShown !== true) return false;
    if (isSameProcess(game, this.#gameInWorld)) return true;
    const isNow = !isOfFuture(game.startedAt, now);
    // Of a world of the future, by a clock that was put back, this game knows nothing; nor when that future has come.
    if (isNow && isOfFuture(world.at, now)) this.#othersWorldAt = world.at;
    if (world.at === this.#othersWorldAt) return false;
    const isSeenSince = world.at >= game.startedAt - PROCESS_TOLERANCE_MS;
    if (!isSeenSince && (isNow || Math.abs(now - world.at) > FRESH_MS)) return false;
    this.#gameInWorld = game;
    return true;
  }

  /** Why a command of a kind must wait at `now`; null when it may be typed. */
  ban(kind: CommandKind, store: Store, now: number): TypingBan | null {
    return typingBan(kind, this.conditions(store, now), now);
  }

  /** What is known of the addon's version; null while a hello is owed. */
  addon(): TypingConditions["addon"] {
    if (this.hello === null) return null;
    // As long as the server has not said what it needs, nothing may be assumed.
    const minimum = this.minimumAddonVersion;
    return { isNewEnough: minimum !== null && isAtLeast(this.hello.addonVersion, minimum) };
  }
}

function isOfFuture(at: number, now: number): boolean {
  return at > now + PROCESS_TOLERANCE_MS;
}
