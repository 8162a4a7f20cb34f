import type { Tag } from "@mgm/domain/chat-line/tag";
import type { BridgeOptions, SyncResult } from "./bridge-options.ts";
import { type BridgeView, viewOf } from "./bridge-view.ts";
import { aboutWithdrawal } from "./commands/about.ts";
import { CommandQueue, type CommandRequest } from "./commands/command-queue.ts";
import type { TypingBan } from "./commands/typing-rules.ts";
import { Delivery } from "./delivery/delivery.ts";
import type { ApiAnswer } from "./http/api-answer.ts";
import { ApiClient, type VersionDto } from "./http/api-client.ts";
import type { LogEvent } from "./intake/digest.ts";
import { takeInto } from "./intake/intake.ts";
import { LOG_BEGINNING } from "./log/log-position.ts";
import { followLog, type LogTail } from "./log/log-tail.ts";
import { type AnswerResult, answerQuestion, type MailAnswer } from "./loop/answers.ts";
import { ApiRounds } from "./loop/api-rounds.ts";
import { GiftKeeper } from "./loop/gift-keeper.ts";
import { PayoutKeeper } from "./loop/payout-keeper.ts";
import { helloRequest } from "./loop/requests.ts";
import { Session } from "./loop/session.ts";
import { VersionKeeper } from "./loop/version-keeper.ts";
import { isHelloNeeded, type LedgerChange, overdueQuestions } from "./mail/mail-ledger.ts";
import { afterClockPutBack } from "./store/clock-put-back.ts";
import { outdated } from "./store/housekeeping.ts";
import { ONLY, put } from "./store/store.ts";
import { answeredHello, helloAtStart, isHelloDue, wantHello } from "./trust/hello-schedule.ts";
import { NO_TRUST, openHelloTypedAt } from "./trust/trust.ts";

/*
 * The bridge between game and API. Four things go on side by side, and meet in the store:
 *
 *   the log ──intake──► store ──delivery──► API          what the game said
 *   API ──poll──► plan ──command queue──► chat box       what the game shall do
 *   the tick, once a second: hello, heartbeat and poll when they are due, questions that time has raised
 *
 * Whatever one of them cannot do now it finds again in the store, or at the next poll; nobody waits for another.
 */

const TICK_MS = 1_000;
const HOUSEKEEPING_MS = 3_600_000;

/** One bridge over one store. */
export class Bridge {
  readonly #options: BridgeOptions;
  readonly #session = new Session();
  readonly #ending = new AbortController();
  readonly #api: ApiClient;
  readonly #queue: CommandQueue;
  readonly #delivery: Delivery;
  readonly #keeper: PayoutKeeper;
  readonly #versions: VersionKeeper;
  readonly #rounds: ApiRounds;
  #tidiedAt = 0;
  #tail: LogTail | null = null;

  constructor(options: BridgeOptions) {
    const { store, clock, desk, alert, desktopId, apiUrl, apiKey, observe } = options;
    this.#options = options;
    this.#api = new ApiClient({
      apiUrl,
      apiKey,
      desktopId,
      signal: this.#ending.signal,
      onAnswer: (answer) => observe?.({ kind: "answer", answer }),
    });
    this.#queue = new CommandQueue({
      store,
      clock,
      // Whoever is about to type sees the game as it is at that moment: another run of it shows its login screen.
      desk: {
        stillForMs: async () => {
          this.#session.meet(await desk.findGame());
          return await desk.stillForMs();
        },
      },
      ban: (kind) => this.#session.ban(kind, store, clock.now()),
      alert,
      observe: (command) => observe?.({ kind: "command", command }),
      get strategies() {
        return options.strategies;
      },
      get attempts() {
        return options.attempts;
      },
    });
    // What was told changes what there is to do: look again soon.
    this.#delivery = new Delivery({ store, api: this.#api, clock, alert, onTold: () => this.#rounds.pollSoon() });
    this.#keeper = new PayoutKeeper({ store, queue: this.#queue, session: this.#session, clock, desktopId });
    const parts = { store, api: this.#api, queue: this.#queue, session: this.#session };
    const gifts = new GiftKeeper({ ...parts, clock, desktopId, alert });
    this.#versions = new VersionKeeper({ ...parts, desktopVersion: options.desktopVersion, observe });
    this.#rounds = new ApiRounds({ ...parts, options, payouts: this.#keeper, gifts, versions: this.#versions });
    const now = clock.now();
    this.#session.helloSchedule = helloAtStart(openHelloTypedAt(store.get("trust", ONLY) ?? NO_TRUST, now));
  }

  /** Works until the signal aborts. Rejects when the store fails; the process should then end. */
  async run(signal: AbortSignal): Promise<void> {
    const until = AbortSignal.any([signal, this.#ending.signal]);
    this.#tail = this.#followLog();
    signal.addEventListener("abort", () => this.#ending.abort(), { once: true });
    const everySecond = (work: () => Promise<void>) => this.#everySecondUntil(until, work);
    const works = [
      this.#delivery.run(until),
      this.#queue.run(until),
      everySecond(() => this.#tick()),
      // The API may take its time to answer: nothing else waits for that.
      everySecond(() => this.#rounds.go()),
    ];
    try {
      await Promise.all(works);
    } finally {
      this.#ending.abort();
      await Promise.allSettled(works);
      await this.#tail?.stop();
    }
  }

  /** What the bridge knows now, for whoever shows it. */
  get view(): BridgeView {
    const { store, clock } = this.#options;
    const isLogPresent = this.#tail?.isPresent ?? false;
    return viewOf({ store, session: this.#session, queue: this.#queue, isLogPresent, now: clock.now() }, this.#keeper);
  }

  /** The same API, for what the streamer asks for by hand. */
  get api(): ApiClient {
    return this.#api;
  }

  /** Beats and asks the API at the next tick. */
  refresh(): void {
    this.#rounds.beatSoon();
    this.#rounds.pollSoon();
  }

  /** Types something of the streamer's, under the same rules as everything else. */
  request(request: CommandRequest): void {
    this.#queue.request(request);
  }

  #followLog(): LogTail | null {
    const { store, clock, logPath, alert } = this.#options;
    if (logPath === null) return null;
    return followLog({
      path: logPath,
      position: store.get("position", ONLY) ?? LOG_BEGINNING,
      take: takeInto({
        store,
        clock,
        onEvent: (event) => this.#hear(event),
        onStored: () => this.#delivery.wake(),
      }),
      onFault: () => alert({ code: "log_unreadable" }),
      clock,
    });
  }

  /** The streamer's click: accepted payouts become InProgress, and their gold is named. */
  sync(): Promise<SyncResult> {
    return this.#rounds.sync();
  }

  /**
   * The streamer's click: a hello, also where no world is known to be shown. Now or not at all, for at a login screen only
   * the click says that it may be typed; null when it is asked for, else what is in the way.
   */
  sayHello(): TypingBan | null {
    const { store, clock } = this.#options;
    const ban = this.#session.ban("hello_by_hand", store, clock.now());
    if (ban !== null) return ban;
    this.#queue.cancel("hello");
    this.#requestHello("hello_by_hand");
    return null;
  }

  /** The streamer's click: this desktop becomes the active one. */
  takeOver(): void {
    this.#rounds.takeOver();
  }

  /** The streamer's answer to a question about a payout's mail. */
  async answer(payoutId: string, answer: MailAnswer): Promise<AnswerResult> {
    const { store, clock } = this.#options;
    const result = await answerQuestion({ store, api: this.#api, now: clock.now() }, payoutId, answer);
    // Its row is to leave the queue, also if that was tried before.
    this.#keeper.forget(aboutWithdrawal(payoutId));
    this.#delivery.wake();
    this.#rounds.pollSoon();
    return result;
  }

  /** Tries again what an alert gave up, if it is still to be done. */
  retry(about: string): void {
    this.#keeper.forget(about);
    this.#rounds.pollSoon();
  }

  /** Sends a refused fact again; false when there is none of that number. */
  sendAgain(factNumber: number): Promise<boolean> {
    return this.#delivery.sendAgain(factNumber);
  }

  /** The streamer's click: which versions are there now. */
  checkUpdate(): Promise<ApiAnswer<VersionDto>> {
    return this.#versions.check();
  }

  async #everySecondUntil(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      await work();
      await this.#options.clock.sleep(TICK_MS, signal).catch(() => undefined);
    }
  }

  async #tick(): Promise<void> {
    const { store, clock, desk, observe } = this.#options;
    this.#session.meet(await desk.findGame());
    const now = clock.now();
    // Whose the world is can be told while it is news; asked later, the clock may have come round to it again.
    this.#session.isWorldShown(store, now);
    await store.commit(afterClockPutBack(store, now));
    await this.#watchMails(now);
    if (isHelloDue(this.#session.helloSchedule, now)) this.#requestHello("hello");
    if (now - this.#tidiedAt >= HOUSEKEEPING_MS) {
      this.#tidiedAt = now;
      await store.commit(outdated(store, now));
    }
    // Time alone lifts and imposes bans: a beat grows old, a process ends.
    this.#queue.recheck();
    observe?.({ kind: "tick" });
  }

  /** Asks the addon, then the streamer, about mails that have been open for too long. */
  async #watchMails(now: number): Promise<void> {
    const { store } = this.#options;
    const open = store.all("sending");
    if (isHelloNeeded(open, now)) this.#wantHello("paced");
    const questions: LedgerChange[] = overdueQuestions(open, store.all("question"), now);
    if (questions.length === 0) return;
    await store.commit(questions.flatMap(({ id, question }) => (question ? [put("question", id, question)] : [])));
  }

  #hear(event: LogEvent): void {
    const { observe } = this.#options;
    switch (event.kind) {
      case "hello":
        this.#keeper.pause();
        this.#session.greet(event.hello, this.#options.clock.elapsed());
        this.#session.helloSchedule = answeredHello(this.#session.helloSchedule);
        this.#queue.fulfil("hello");
        // Whoever hears of it may go on from here: what the hello allows is allowed by now.
        observe?.({ kind: "hello", hello: event.hello });
        this.#versions.heardHello();
        // The API learns whose character it is, and the addon hears again what it is to do.
        this.#rounds.beatSoon();
        this.#rounds.pollSoon();
        break;
      case "hello_wanted":
        // Whoever wants one may have forgotten what it was told: nothing else is typed before the answer.
        this.#session.hello = null;
        this.#keeper.pause();
        this.#wantHello(event.how);
        break;
      case "talk":
        observe?.({ kind: "talk", text: event.text });
        this.#queue.hear(event.text);
        break;
      case "tag":
        this.#hearTag(event.tag);
        break;
      case "world_left":
        this.#queue.leaveWorld();
        break;
      case "mail_failed":
        this.#options.alert({ code: "mail_failed", id: event.id });
        break;
      default:
        event satisfies never;
    }
  }

  #hearTag(tag: Tag): void {
    this.#options.observe?.({ kind: "tag", tag });
    if (tag.name === "UPDATE_CHECK") void this.#versions.tellAddon();
    if (tag.name === "ACK") this.#queue.acknowledge(tag.number);
    // A whisper or a withdrawal that arrived opens the way to the next step, and so do bags that were listed or changed.
    if (tag.name === "ACK" || tag.name === "ITEMS" || tag.name === "FAILED") this.#rounds.pollSoon();
  }

  #wantHello(how: "paced" | "soon"): void {
    this.#session.helloSchedule = wantHello(this.#session.helloSchedule, how);
  }

  #requestHello(kind: "hello" | "hello_by_hand"): void {
    const { store, clock } = this.#options;
    this.#queue.request(helloRequest({ store, session: this.#session, clock }, kind));
  }
}
