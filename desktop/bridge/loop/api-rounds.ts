import type { GiftRequestDetailsDto } from "@mgm/domain/wire";
import type { BridgeOptions, SyncResult } from "../bridge-options.ts";
import type { CommandQueue } from "../commands/command-queue.ts";
import * as texts from "../commands/command-text.ts";
import { codeOfAnswer } from "../http/api-answer.ts";
import type { ApiClient } from "../http/api-client.ts";
import { ONLY, put } from "../store/store.ts";
import type { GiftKeeper } from "./gift-keeper.ts";
import { isOwedGift } from "./gift-plan.ts";
import { overFailures } from "./over-failures.ts";
import type { PayoutKeeper } from "./payout-keeper.ts";
import { nextPollAt, spinTimesOf } from "./poll-times.ts";
import type { Session } from "./session.ts";
import { settledElsewhere } from "./settled-elsewhere.ts";
import type { VersionKeeper } from "./version-keeper.ts";

const BEAT_MS = 20_000;
/** What two beats tell differently of how far our clock is ahead, because of the way that they took. */
const CLOCK_TOLERANCE_MS = 5_000;

/** What asks the API is made of. */
export interface ApiRoundsParts {
  readonly options: BridgeOptions;
  readonly session: Session;
  readonly api: ApiClient;
  readonly queue: CommandQueue;
  readonly payouts: PayoutKeeper;
  readonly gifts: GiftKeeper;
  readonly versions: VersionKeeper;
}

/** Beats, and asks the API what there is to do; what follows from its answers the keepers see to. */
export class ApiRounds {
  readonly #parts: ApiRoundsParts;
  /** When the API was asked whether a mail is settled. */
  readonly #looked = new Map<string, number>();
  #beatAt = 0;
  #pollAt = 0;
  #takesOver = false;

  constructor(parts: ApiRoundsParts) {
    this.#parts = parts;
  }

  /** The next round beats. */
  beatSoon(): void {
    this.#beatAt = 0;
  }

  /** The next round asks. */
  pollSoon(): void {
    this.#pollAt = 0;
  }

  /** The next beat makes this desktop the active one. */
  takeOver(): void {
    this.#takesOver = true;
    this.beatSoon();
  }

  /** Asks what there is to be asked now. */
  async go(): Promise<void> {
    const { options, session } = this.#parts;
    const now = options.clock.now();
    // By a clock that was put back the last ones are of the future.
    const isPollDue = now < this.#pollAt || now >= nextPollAt(this.#pollAt, options.pollMs, session.spins);
    if (isPollDue || now < this.#beatAt || now - this.#beatAt >= BEAT_MS) await this.#beat();
    if (isPollDue) await this.#poll();
  }

  /** Accepted payouts become InProgress, if the game is there now; their gold is named after the next poll. */
  async sync(): Promise<SyncResult> {
    const { options, session, api, payouts } = this.#parts;
    const { desk, store, clock } = options;
    session.meet(await desk.findGame());
    if (session.game === null) return { ok: false, code: "no_game" };
    if (session.ban("other", store, clock.now()) !== null) return { ok: false, code: "not_allowed" };
    if (payouts.syncable.length === 0) return { ok: false, code: "nothing_to_sync" };
    const results: { id: string; isSynced: boolean; code: string | null }[] = [];
    for (const { id } of payouts.syncable) {
      const answer = await api.changeStatus(id, "InProgress");
      results.push({ id, isSynced: answer.kind === "ok", code: codeOfAnswer(answer) });
    }
    this.pollSoon();
    return { ok: true, payouts: results };
  }

  async #beat(): Promise<void> {
    const { options, session, api } = this.#parts;
    const { clock, desktopVersion, observe } = options;
    const { hello, game } = session;
    const takeOver = this.#takesOver;
    const beatAt = clock.now();
    this.#beatAt = beatAt;
    const answer = await api.heartbeat({
      desktopVersion,
      addonVersion: hello?.addonVersion ?? null,
      character: hello?.character ?? null,
      realm: hello?.realm ?? null,
      transport: hello?.transport ?? null,
      bangSwallowed: hello?.bangSwallowed ?? null,
      gameFound: game !== null,
      forgedLines: options.store.get("forgeries", ONLY)?.total ?? 0,
      takeOver,
    });
    if (answer.kind !== "ok") return;
    // A click that came during the request is for the next one.
    if (takeOver) this.#takesOver = false;
    session.lease = { isActive: answer.body.active, beatAt };
    session.spins = spinTimesOf(answer.body, clock.now());
    observe?.({ kind: "beat", lease: answer.body });
  }

  async #poll(): Promise<void> {
    const { options, session, api, versions } = this.#parts;
    const { store, clock, alert, observe, desktopId } = options;
    this.#pollAt = clock.now();
    await versions.look();
    const isActive = session.lease?.isActive === true;
    if (isActive) await this.#lookForCandidate();
    const pending = await api.pendingPayouts();
    if (pending.kind !== "ok") {
      alert({ code: "poll_failed" });
      return;
    }
    observe?.({ kind: "payouts", payouts: pending.body });
    const gifts = await this.#listGifts();
    // What is not known now may be owed as before.
    const owed =
      gifts === null ? null : new Set(gifts.filter((gift) => isOwedGift(gift, desktopId)).map(({ id }) => id));
    await this.#parts.payouts.look(pending.body, { isActive, isOwedGift: (id) => owed?.has(id) ?? true });
    const { isWithdrawing } = this.#parts.payouts;
    if (gifts !== null) await this.#parts.gifts.look(gifts, { isActive, isWithdrawing });
    const open = { payouts: pending.body, gifts };
    const settled = await settledElsewhere({ store, api, looked: this.#looked, elapsedMs: clock.elapsed() }, open);
    await store.commit([...settled, ...overFailures(store, open)]);
    if (options.syncsByItself && this.#parts.payouts.syncable.length > 0) await this.sync();
  }

  /** The gift requests; null, and the streamer is told, when they cannot be asked for. */
  async #listGifts(): Promise<readonly GiftRequestDetailsDto[] | null> {
    const { alert, observe } = this.#parts.options;
    const gifts = await this.#parts.api.giftRequests();
    if (gifts.kind !== "ok") {
      alert({ code: "poll_failed" });
      return null;
    }
    observe?.({ kind: "gifts", gifts: gifts.body });
    return gifts.body;
  }

  async #lookForCandidate(): Promise<void> {
    const { options, session, api, queue } = this.#parts;
    const { store, observe } = options;
    const answer = await api.candidate();
    if (answer.kind === "ok") observe?.({ kind: "candidate", candidate: answer.body });
    if (answer.kind !== "ok") return;
    // Whom nobody may report on any more is not looked for, however long their command has waited.
    for (const about of queue.waiting) {
      if (about.startsWith("who:") && about !== `who:${answer.body?.spinCycleId}`) queue.cancel(about);
    }
    if (answer.body === null) return;
    const { spinCycleId, characterName, verifyUntil } = answer.body;
    // By this machine's clock, like everything that is compared with it, and as that is now: it may have been put.
    const until = Date.parse(verifyUntil) + (session.spins?.aheadMs ?? 0);
    const known = store.get("cycle", spinCycleId)?.verifyUntil;
    if (known === undefined || Math.abs(known - until) > CLOCK_TOLERANCE_MS) {
      await store.commit([put("cycle", spinCycleId, { verifyUntil: until })]);
    }
    const about = `who:${spinCycleId}`;
    if (session.asked.has(about)) return;
    session.asked.add(about);
    queue.request({ about, kind: "other", text: () => texts.runWho(spinCycleId, characterName) });
  }
}
