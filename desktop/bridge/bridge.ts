import type { Tag } from "@mgm/domain/chat-line/tag";
import type { GiftRequestDetailsDto } from "@mgm/domain/wire";
import type { BridgeOptions, SyncResult } from "./bridge-options.ts";
import { type BridgeView, viewOf } from "./bridge-view.ts";
import { aboutWithdrawal } from "./commands/about.ts";
import { CommandQueue, type CommandRequest } from "./commands/command-queue.ts";
import * as texts from "./commands/command-text.ts";
import { type TypingBan, typingBan } from "./commands/typing-rules.ts";
import { Delivery } from "./delivery/delivery.ts";
import { type ApiAnswer, codeOfAnswer } from "./http/api-answer.ts";
import { ApiClient, type VersionDto } from "./http/api-client.ts";
import type { LogEvent } from "./intake/digest.ts";
import { takeInto } from "./intake/intake.ts";
import { LOG_BEGINNING } from "./log/log-position.ts";
import { followLog, type LogTail } from "./log/log-tail.ts";
import { type AnswerResult, answerQuestion, type MailAnswer } from "./loop/answers.ts";
import { GiftKeeper } from "./loop/gift-keeper.ts";
import { isOwedGift } from "./loop/gift-plan.ts";
import { PayoutKeeper } from "./loop/payout-keeper.ts";
import { nextPollAt, spinTimesOf } from "./loop/poll-times.ts";
import { ABOUT_UPDATE, helloRequest, updateRequest } from "./loop/requests.ts";
import { Session } from "./loop/session.ts";
import { settledElsewhere } from "./loop/settled-elsewhere.ts";
import { isAtLeast } from "./loop/versions.ts";
import { isHelloNeeded, type LedgerChange, overdueQuestions } from "./mail/mail-ledger.ts";
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
const BEAT_MS = 20_000;
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
  readonly #giftKeeper: GiftKeeper;
  /** Mails of which the API was asked whether they are settled. */
  readonly #looked = new Set<string>();
  #beatAt = 0;
  #pollAt = 0;
  #tidiedAt = 0;
  #takesOver = false;
  /** The addon asked how its version stands and has not been told. */
  #owesVersions = false;
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
    const ban = (kind: Parameters<typeof typingBan>[0]) =>
      typingBan(kind, this.#session.conditions(store), clock.now());
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
      ban,
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
    this.#delivery = new Delivery({ store, api: this.#api, clock, alert, onTold: () => this.#pollSoon() });
    this.#keeper = new PayoutKeeper({ store, queue: this.#queue, session: this.#session, clock, desktopId });
    this.#giftKeeper = new GiftKeeper({
      store,
      api: this.#api,
      queue: this.#queue,
      session: this.#session,
      clock,
      desktopId,
      alert,
    });
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
      everySecond(() => this.#talk()),
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
    this.#beatAt = 0;
    this.#pollSoon();
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
  async sync(): Promise<SyncResult> {
    const { desk, store, clock } = this.#options;
    this.#session.meet(await desk.findGame());
    if (this.#session.game === null) return { ok: false, code: "no_game" };
    if (typingBan("other", this.#session.conditions(store), clock.now()) !== null) {
      return { ok: false, code: "not_allowed" };
    }
    const { syncable } = this.#keeper;
    if (syncable.length === 0) return { ok: false, code: "nothing_to_sync" };
    const payouts: { id: string; isSynced: boolean; code: string | null }[] = [];
    for (const { id } of syncable) {
      const answer = await this.#api.changeStatus(id, "InProgress");
      payouts.push({ id, isSynced: answer.kind === "ok", code: codeOfAnswer(answer) });
    }
    this.#pollSoon();
    return { ok: true, payouts };
  }

  /**
   * The streamer's click: a hello, also where no world is known to be shown. Now or not at all, for at a login screen only
   * the click says that it may be typed; null when it is asked for, else what is in the way.
   */
  sayHello(): TypingBan | null {
    const { store, clock } = this.#options;
    const ban = typingBan("hello_by_hand", this.#session.conditions(store), clock.now());
    if (ban !== null) return ban;
    this.#queue.cancel("hello");
    this.#requestHello("hello_by_hand");
    return null;
  }

  /** The streamer's click: this desktop becomes the active one. */
  takeOver(): void {
    this.#takesOver = true;
    this.#beatAt = 0;
  }

  /** The streamer's answer to a question about a payout's mail. */
  async answer(payoutId: string, answer: MailAnswer): Promise<AnswerResult> {
    const { store, clock } = this.#options;
    const result = await answerQuestion({ store, api: this.#api, now: clock.now() }, payoutId, answer);
    // Its row is to leave the queue, also if that was tried before.
    this.#keeper.forget(aboutWithdrawal(payoutId));
    this.#delivery.wake();
    this.#pollSoon();
    return result;
  }

  /** Tries again what an alert gave up, if it is still to be done. */
  retry(about: string): void {
    this.#keeper.forget(about);
    this.#pollSoon();
  }

  /** Sends a refused fact again; false when there is none of that number. */
  sendAgain(factNumber: number): Promise<boolean> {
    return this.#delivery.sendAgain(factNumber);
  }

  async #everySecondUntil(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      await work();
      await this.#options.clock.sleep(TICK_MS, signal).catch(() => undefined);
    }
  }

  /** Asks the API what there is to be asked. It may take its time to answer: nothing else waits for that. */
  async #talk(): Promise<void> {
    const { clock, pollMs } = this.#options;
    const now = clock.now();
    // By a clock that was put back the last ones are of the future.
    const isPollDue = now < this.#pollAt || now >= nextPollAt(this.#pollAt, pollMs, this.#session.spins);
    if (isPollDue || now < this.#beatAt || now - this.#beatAt >= BEAT_MS) await this.#beat();
    if (isPollDue) await this.#poll();
  }

  async #tick(): Promise<void> {
    const { store, clock, desk, observe } = this.#options;
    this.#session.meet(await desk.findGame());
    const now = clock.now();
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

  async #beat(): Promise<void> {
    const { clock, desktopVersion, observe } = this.#options;
    const { hello, game } = this.#session;
    const takeOver = this.#takesOver;
    const beatAt = clock.now();
    this.#beatAt = beatAt;
    const answer = await this.#api.heartbeat({
      desktopVersion,
      addonVersion: hello?.addonVersion ?? null,
      character: hello?.character ?? null,
      realm: hello?.realm ?? null,
      transport: hello?.transport ?? null,
      bangSwallowed: hello?.bangSwallowed ?? null,
      gameFound: game !== null,
      forgedLines: this.#options.store.get("forgeries", ONLY)?.total ?? 0,
      takeOver,
    });
    if (answer.kind !== "ok") return;
    // A click that came during the request is for the next one.
    if (takeOver) this.#takesOver = false;
    this.#session.lease = { isActive: answer.body.active, beatAt };
    this.#session.spins = spinTimesOf(answer.body, clock.now());
    observe?.({ kind: "beat", lease: answer.body });
  }

  async #poll(): Promise<void> {
    const { clock, alert, syncsByItself, observe } = this.#options;
    this.#pollAt = clock.now();
    if (this.#session.minimumAddonVersion === null) await this.#learnVersions();
    this.#tellOldAddon();
    const isActive = this.#session.lease?.isActive === true;
    if (isActive) await this.#lookForCandidate();
    const pending = await this.#api.pendingPayouts();
    if (pending.kind !== "ok") {
      alert({ code: "poll_failed" });
      return;
    }
    observe?.({ kind: "payouts", payouts: pending.body });
    const gifts = await this.#listGifts();
    const { store, desktopId } = this.#options;
    // What is not known now may be owed as before.
    const owed =
      gifts === null ? null : new Set(gifts.filter((gift) => isOwedGift(gift, desktopId)).map(({ id }) => id));
    await this.#keeper.look(pending.body, { isActive, isOwedGift: (id) => owed?.has(id) ?? true });
    const { isWithdrawing } = this.#keeper;
    if (gifts !== null) await this.#giftKeeper.look(gifts, { isActive, isWithdrawing });
    await store.commit(await settledElsewhere({ store, api: this.#api, looked: this.#looked }, pending.body));
    if (syncsByItself && this.#keeper.syncable.length > 0) await this.sync();
  }

  /** The gift requests; null, and the streamer is told, when they cannot be asked for. */
  async #listGifts(): Promise<readonly GiftRequestDetailsDto[] | null> {
    const { alert, observe } = this.#options;
    const gifts = await this.#api.giftRequests();
    if (gifts.kind !== "ok") {
      alert({ code: "poll_failed" });
      return null;
    }
    observe?.({ kind: "gifts", gifts: gifts.body });
    return gifts.body;
  }

  async #lookForCandidate(): Promise<void> {
    const { store, observe } = this.#options;
    const answer = await this.#api.candidate();
    if (answer.kind === "ok") observe?.({ kind: "candidate", candidate: answer.body });
    if (answer.kind !== "ok") return;
    // Whom nobody may report on any more is not looked for, however long their command has waited.
    for (const about of this.#queue.waiting) {
      if (about.startsWith("who:") && about !== `who:${answer.body?.spinCycleId}`) this.#queue.cancel(about);
    }
    if (answer.body === null) return;
    const { spinCycleId, characterName, verifyUntil } = answer.body;
    if (store.get("cycle", spinCycleId) === undefined) {
      // By this machine's clock, like everything that is compared with it.
      const until = Date.parse(verifyUntil) + (this.#session.spins?.aheadMs ?? 0);
      await store.commit([put("cycle", spinCycleId, { verifyUntil: until })]);
    }
    const about = `who:${spinCycleId}`;
    if (this.#session.asked.has(about)) return;
    this.#session.asked.add(about);
    this.#queue.request({ about, kind: "other", text: () => texts.runWho(spinCycleId, characterName) });
  }

  async #learnVersions(): Promise<void> {
    this.#learnFrom(await this.#api.version());
  }

  #learnFrom(answer: ApiAnswer<VersionDto>): void {
    if (answer.kind !== "ok") return;
    const { desktopVersion, observe } = this.#options;
    const { minimumAddonVersion, minimumDesktopVersion } = answer.body;
    this.#session.minimumAddonVersion = minimumAddonVersion;
    this.#session.isDesktopTooOld = !isAtLeast(desktopVersion, minimumDesktopVersion ?? desktopVersion);
    observe?.({ kind: "version", version: answer.body });
  }

  /** The streamer's click: which versions are there now. */
  async checkUpdate(): Promise<ApiAnswer<VersionDto>> {
    const answer = await this.#api.version();
    this.#learnFrom(answer);
    return answer;
  }

  /** An addon that is too old is told so after each hello; it is told nothing else. */
  #tellOldAddon(): void {
    const { addon } = this.#session.conditions(this.#options.store);
    if (this.#session.minimumAddonVersion === null || addon === null || addon.isNewEnough) return;
    if (this.#session.asked.has(ABOUT_UPDATE)) return;
    this.#session.asked.add(ABOUT_UPDATE);
    void this.#tellVersions();
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
        this.#session.greet(event.hello, this.#options.clock.now());
        this.#session.helloSchedule = answeredHello(this.#session.helloSchedule);
        this.#queue.fulfil("hello");
        // Whoever hears of it may go on from here: what the hello allows is allowed by now.
        observe?.({ kind: "hello", hello: event.hello });
        if (this.#owesVersions) void this.#tellVersions();
        // The API learns whose character it is, and the addon hears again what it is to do.
        this.#beatAt = 0;
        this.#pollSoon();
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
      case "mail_failed":
        this.#options.alert({ code: "mail_failed", id: event.id });
        break;
      default:
        event satisfies never;
    }
  }

  #hearTag(tag: Tag): void {
    this.#options.observe?.({ kind: "tag", tag });
    if (tag.name === "UPDATE_CHECK") void this.#tellVersions();
    if (tag.name === "ACK") this.#queue.acknowledge(tag.number);
    // A whisper or a withdrawal that arrived opens the way to the next step, and so do bags that were listed or changed.
    if (tag.name === "ACK" || tag.name === "ITEMS" || tag.name === "FAILED") this.#pollSoon();
  }

  async #tellVersions(): Promise<void> {
    const known = this.#session.hello ?? this.#options.store.get("trust", ONLY)?.hello;
    // The answer names the addon's own version; where it was never told, it waits for that.
    this.#owesVersions = known == null;
    if (known != null) this.#queue.request(updateRequest(known.addonVersion, await this.checkUpdate()));
  }

  #wantHello(how: "paced" | "soon"): void {
    this.#session.helloSchedule = wantHello(this.#session.helloSchedule, how);
  }

  #requestHello(kind: "hello" | "hello_by_hand"): void {
    const { store, clock } = this.#options;
    this.#queue.request(helloRequest({ store, session: this.#session, clock }, kind));
  }

  #pollSoon(): void {
    this.#pollAt = 0;
  }
}
