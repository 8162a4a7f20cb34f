import type { Clock } from "../clock.ts";
import { drop, ONLY, put, type Store } from "../store/store.ts";
import type { CommandRecord } from "./command-record.ts";
import { type CommandText, formatCommand } from "./command-text.ts";
import { type Desk, type InputStrategy, type TypingFault, WORLD_LEFT } from "./input.ts";
import { type CommandKind, type TypingBan, typingOrder } from "./typing-rules.ts";

/*
 * One command at a time, until the addon says that it has it.
 *
 *   asked ──► waiting ──allowed, hands still──► saved as typed ──► typed ──[MGM_ACK:n]──► acknowledged
 *                ▲                                                   │ nothing within the patience, a fault of the
 *                └──────── attempts are left ────────────────────────┤ system, or our own line said aloud
 *                ▲                                                   ├── none are left ──► failed, alert
 *                └──────── when there is a world again ──────────────┴── the game said goodbye: it went nowhere
 *
 * Each strategy has its attempts; when those of the first are used up the other has its own, if that is allowed. The
 * number is saved before it is typed and kept for all repeats, over a restart too: the addon acts once per number. A
 * hello always takes a new one, and its text is made, and stored, right before it is typed.
 */

/** A command that somebody wants typed. */
export interface CommandRequest {
  /** What it is about; a second request about the same while the first waits changes nothing. */
  readonly about: string;
  readonly kind: CommandKind;
  /** Called before each attempt; whatever must not be forgotten is stored when it resolves. */
  readonly text: () => CommandText | Promise<CommandText>;
  /** How often each strategy may try; the queue's own number when it is left out. */
  readonly attempts?: number;
  /** How long it is left alone after an attempt that nobody answered, milliseconds; others are typed meanwhile. */
  readonly unansweredPauseMs?: number;
}

/** What the streamer is told. */
export type CommandAlert =
  | { readonly code: "command_failed"; readonly about: string; readonly fault: AttemptFault }
  | { readonly code: "hands_busy"; readonly about: string };

/** What happens to commands. Times are Unix milliseconds. */
export type CommandSight =
  | { readonly phase: "typing"; readonly about: string; readonly strategy: InputStrategy["name"] }
  /** `delayMs`: from the moment when it was typed until the log had the answer. */
  | { readonly phase: "acknowledged"; readonly about: string; readonly at: number; readonly delayMs: number }
  | { readonly phase: "failed"; readonly about: string; readonly fault: AttemptFault };

/** Why an attempt came to nothing. */
export type AttemptFault = TypingFault | "not_acknowledged" | "said_aloud";

/** What a queue is made of. */
export interface CommandQueueOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly desk: Pick<Desk, "stillForMs">;
  /** The preferred one first; the others are used only when the streamer allowed it. */
  readonly strategies: readonly InputStrategy[];
  /** Why a command must wait now; null when it may be typed. */
  readonly ban: (kind: CommandKind) => TypingBan | null;
  readonly alert: (alert: CommandAlert) => void;
  readonly observe?: (sight: CommandSight) => void;
  readonly attempts?: number | undefined;
  readonly ackPatienceMs?: number;
}

interface Entry extends CommandRequest {
  readonly order: number;
  tried: number;
  /** Its last attempt; null until it was typed. `elapsedMs` is by the clock that nobody puts. */
  last: { readonly number: number; readonly elapsedMs: number; isUnanswered: boolean } | null;
}

interface InFlight {
  readonly about: string;
  readonly number: number;
  /** What would be seen if it were said instead of run. */
  readonly essence: string;
  readonly settle: (outcome: Heard) => void;
}

/** What the log says of a command in flight. */
type Heard = "acknowledged" | "said_aloud" | typeof WORLD_LEFT;

const ATTEMPTS = 3;
const ACK_PATIENCE_MS = 10_000;
const STILL_MS = 1_000;
const LOOK_AGAIN_MS = 250;
const BUSY_ALERT_MS = 30_000;
const PAUSE_AFTER_FAULT_MS = 2_000;

/** Types commands while `run` runs. */
export class CommandQueue {
  readonly #options: CommandQueueOptions;
  readonly #entries = new Map<string, Entry>();
  #order = 0;
  #inFlight: InFlight | null = null;
  /** When the command that is in flight was typed; until it is, when its typing began. By the clock that nobody puts. */
  #typedAtMs = 0;
  #wake: () => void = () => undefined;

  constructor(options: CommandQueueOptions) {
    this.#options = options;
  }

  /** Asks for a command. */
  request(request: CommandRequest): void {
    if (this.#entries.has(request.about)) return;
    this.#order += 1;
    this.#entries.set(request.about, { ...request, order: this.#order, tried: 0, last: null });
    this.#wake();
  }

  /** Takes back what is not wanted any more; what is being typed at this moment is typed. */
  cancel(about: string): void {
    this.#entries.delete(about);
  }

  /** What waits or is being typed, in order. */
  get waiting(): readonly string[] {
    return [...this.#entries.values()].sort(typingOrder).map(({ about }) => about);
  }

  /** The addon has it. */
  acknowledge(number: number): void {
    if (this.#inFlight?.number === number) this.#inFlight.settle("acknowledged");
    // Between two attempts: the log was slow, and the next one would be a command of its own.
    else
      for (const entry of this.#entries.values())
        if (entry.last?.number === number) this.#finishLate(entry, entry.last.elapsedMs);
  }

  /** What a command asked for has come about, whether or not the addon says that it got it. */
  fulfil(about: string): void {
    if (this.#inFlight?.about === about) this.#inFlight.settle("acknowledged");
    else this.#entries.delete(about);
  }

  /** A line of the log that is no tag: perhaps our command, said to people because the chat box was open already. */
  hear(text: string): void {
    if (this.#inFlight !== null && text.includes(this.#inFlight.essence)) this.#inFlight.settle("said_aloud");
  }

  /**
   * The game shows no world any more: what is being typed goes nowhere, which is no failure of it. The streamer's click
   * for a hello was meant for the world that is gone; nothing else of it may end in the login screen.
   */
  leaveWorld(): void {
    for (const { about, kind } of [...this.#entries.values()]) if (kind === "hello_by_hand") this.cancel(about);
    this.#inFlight?.settle(WORLD_LEFT);
  }

  /** What was banned may be allowed now. */
  recheck(): void {
    this.#wake();
  }

  /** Works until the signal aborts. Rejects when the store fails. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const entry = this.#next();
      if (entry === null) await woken;
      else await this.#attempt(entry, signal);
    }
  }

  #next(): Entry | null {
    const allowed = [...this.#entries.values()].filter(
      (entry) => this.#options.ban(entry.kind) === null && !this.#isPaused(entry),
    );
    return allowed.sort(typingOrder)[0] ?? null;
  }

  #isPaused({ last, unansweredPauseMs = 0 }: Entry): boolean {
    if (last?.isUnanswered !== true) return false;
    return this.#options.clock.elapsed() - last.elapsedMs < unansweredPauseMs;
  }

  /** Whoever read the log has recorded it. */
  #finishLate(entry: Entry, typedAtMs: number): void {
    const { clock, observe } = this.#options;
    this.#entries.delete(entry.about);
    const delayMs = clock.elapsed() - typedAtMs;
    observe?.({ phase: "acknowledged", about: entry.about, at: clock.now(), delayMs });
  }

  async #attempt(entry: Entry, signal: AbortSignal): Promise<void> {
    const { clock, strategies, store, observe } = this.#options;
    const attempts = entry.attempts ?? this.#options.attempts ?? ATTEMPTS;
    if (!(await this.#handsAreStill(entry, signal)) || signal.aborted) return;
    const text = await entry.text();
    // Meanwhile it may have been taken back, banned, or overtaken by a withdrawal.
    if (this.#next() !== entry) return;
    const number = this.#numberFor(entry);
    await store.commit([
      put("command", entry.about, { number, state: "typed", at: clock.now() }),
      put("counter", ONLY, { ...this.#counter(), command: Math.max(number, this.#counter().command) }),
    ]);
    if (this.#next() !== entry || signal.aborted) return;
    const strategy = strategies[Math.floor(entry.tried / attempts)];
    entry.tried += 1;
    entry.last = { number, elapsedMs: clock.elapsed(), isUnanswered: false };
    if (strategy !== undefined) observe?.({ phase: "typing", about: entry.about, strategy: strategy.name });
    this.#typedAtMs = clock.elapsed();
    const outcome =
      strategy === undefined ? "no_window" : await this.#type(strategy, { about: entry.about, text, number }, signal);
    if (signal.aborted) return;
    if (outcome === "acknowledged") {
      const delayMs = clock.elapsed() - this.#typedAtMs;
      observe?.({ phase: "acknowledged", about: entry.about, at: clock.now(), delayMs });
      this.#finish(entry);
      await this.#record(entry, { number, state: "acknowledged", at: clock.now() });
    } else if (outcome === WORLD_LEFT) {
      entry.tried -= 1;
    } else if (entry.tried >= attempts * strategies.length) {
      this.#finish(entry);
      await this.#record(entry, { number, state: "failed", at: clock.now() });
      observe?.({ phase: "failed", about: entry.about, fault: outcome });
      this.#options.alert({ code: "command_failed", about: entry.about, fault: outcome });
    } else if (outcome === "not_acknowledged") {
      entry.last.isUnanswered = true;
    } else {
      await clock.sleep(PAUSE_AFTER_FAULT_MS, signal).catch(() => undefined);
    }
  }

  /** It may have been taken back while it was typed, and asked for anew. */
  #finish(entry: Entry): void {
    if (this.#entries.get(entry.about) === entry) this.#entries.delete(entry.about);
  }

  async #type(
    strategy: InputStrategy,
    { about, text, number }: { readonly about: string; readonly text: CommandText; readonly number: number },
    signal: AbortSignal,
  ): Promise<Exclude<Heard, "said_aloud"> | AttemptFault> {
    const line = formatCommand(text, number);
    const done = new AbortController();
    const until = AbortSignal.any([signal, done.signal]);
    const leaving = new AbortController();
    // The answer may be there before the strategy knows that it is done.
    const answer = new Promise<Heard>((resolve) => {
      const settle = (heard: Heard) => {
        // The first word counts: goodbye after an answer is no news.
        this.#inFlight = null;
        if (heard === WORLD_LEFT) leaving.abort(WORLD_LEFT);
        resolve(heard);
      };
      this.#inFlight = { about, number, essence: line.slice("/run ".length), settle };
    });
    try {
      const typed = await Promise.race([strategy.type(line, AbortSignal.any([signal, leaving.signal])), answer]);
      if (typeof typed === "string") return typed;
      if (!typed.ok) return typed.code;
      this.#typedAtMs = this.#options.clock.elapsed();
      const patience = this.#options.ackPatienceMs ?? ACK_PATIENCE_MS;
      const silence = this.#options.clock.sleep(patience, until).then(
        () => "not_acknowledged" as const,
        () => "not_acknowledged" as const,
      );
      return await Promise.race([answer, silence]);
    } finally {
      this.#inFlight = null;
      done.abort();
    }
  }

  /** Waits for the person to pause. Never types over them: after the alert it goes on waiting. */
  async #handsAreStill(entry: Entry, signal: AbortSignal): Promise<boolean> {
    const { clock, desk, alert } = this.#options;
    const sinceMs = clock.elapsed();
    let hasAlerted = false;
    while ((await desk.stillForMs()) < STILL_MS) {
      if (signal.aborted || this.#next() !== entry) return false;
      if (!hasAlerted && clock.elapsed() - sinceMs >= BUSY_ALERT_MS) {
        hasAlerted = true;
        alert({ code: "hands_busy", about: entry.about });
      }
      await clock.sleep(LOOK_AGAIN_MS, signal).catch(() => undefined);
    }
    return this.#next() === entry;
  }

  #numberFor({ about, kind }: Entry): number {
    const { store, clock } = this.#options;
    const record = store.get("command", about);
    const isHello = kind === "hello" || kind === "hello_by_hand";
    // The addon may have acted on it unheard; under the same number it will not act again.
    if (!isHello && record !== undefined && record.state !== "acknowledged") return record.number;
    return Math.max(this.#counter().command + 1, Math.floor(clock.now() / 1_000));
  }

  #counter(): { readonly command: number; readonly fact: number } {
    return this.#options.store.get("counter", ONLY) ?? { command: 0, fact: 0 };
  }

  #record({ about, kind }: Entry, record: CommandRecord): Promise<void> {
    const isHello = kind === "hello" || kind === "hello_by_hand";
    // Nobody asks what became of a hello: the addon's answer tells.
    return this.#options.store.commit([isHello ? drop("command", about) : put("command", about, record)]);
  }
}
