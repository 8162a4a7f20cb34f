import { PAYOUT_COPPER } from "@mgm/domain/economics";
import type { PayoutDetailsDto } from "@mgm/domain/wire";
import type { Clock } from "../clock.ts";
import { aboutGold, aboutWhisper, aboutWithdrawal, mailIdsOf } from "../commands/about.ts";
import type { CommandQueue } from "../commands/command-queue.ts";
import * as texts from "../commands/command-text.ts";
import type { Question } from "../mail/mail-ledger.ts";
import { type Change, drop, put, type Store } from "../store/store.ts";
import { isMailInDoubt, isUncertain, mailedIds, nameOf } from "./mail-knowledge.ts";
import { type PayoutPlan, planPayouts } from "./payout-plan.ts";
import { recordNaming } from "./record-naming.ts";
import type { Session } from "./session.ts";

/** What a keeper is made of. */
export interface PayoutKeeperOptions {
  readonly store: Store;
  readonly queue: CommandQueue;
  readonly session: Session;
  readonly clock: Clock;
  readonly desktopId: string;
}

/** Carries out the plan for the active payouts: what is stored about them, and what is typed. */
export class PayoutKeeper {
  readonly #options: PayoutKeeperOptions;
  #syncable: readonly PayoutDetailsDto[] = [];
  #isWithdrawing = false;

  constructor(options: PayoutKeeperOptions) {
    this.#options = options;
  }

  /** Payouts that a Sync would set InProgress, as of the last look. */
  get syncable(): readonly PayoutDetailsDto[] {
    return this.#syncable;
  }

  /** Whether something of ours, gold or gift, has to leave the addon's queue before anything is named, as of the last look. */
  get isWithdrawing(): boolean {
    return this.#isWithdrawing;
  }

  /**
   * Looks at the active payouts. `isActive`: whether this desktop is; another one's must not be acted on. `isOwedGift`:
   * which gifts may stay in the addon's queue.
   */
  async look(
    payouts: readonly PayoutDetailsDto[],
    { isActive, isOwedGift }: { readonly isActive: boolean; readonly isOwedGift: (id: string) => boolean },
  ): Promise<void> {
    const { store } = this.#options;
    await store.commit([...this.#learnNames(payouts), ...this.#forgetWithdrawn(), ...this.#forgetForeign(payouts)]);
    const plan = this.#plan(payouts, isOwedGift);
    this.#syncable = isActive ? plan.syncable : [];
    this.#isWithdrawing = plan.withdraw.length > 0;
    this.#takeBackGold(payouts);
    this.#takeBackWhispers(payouts);
    await store.commit(this.#changesOf(plan, isActive));
    for (const id of plan.withdraw) this.#askOnce(aboutWithdrawal(id), "withdraw", () => texts.withdraw(id));
    if (!isActive) return;
    for (const { id, characterName } of plan.whisper) {
      this.#askOnce(aboutWhisper(id), "other", () => texts.whisperWinner(id, characterName));
    }
    this.#name(plan.name);
  }

  /** What a command was about is asked for again at the next look, if the plan still wants it. */
  forget(about: string): void {
    const { session } = this.#options;
    session.asked.delete(about);
    for (const id of mailIdsOf(about)) session.asked.delete(nameOf(id));
  }

  /** A hello is owed: whatever was asked of the addon before it may mean something else after it, and is asked anew. */
  pause(): void {
    const { queue } = this.#options;
    for (const about of queue.waiting) if (mailIdsOf(about).length > 0) queue.cancel(about);
  }

  #plan(payouts: readonly PayoutDetailsDto[], isOwedGift: (id: string) => boolean): PayoutPlan {
    const { store, session, clock, desktopId } = this.#options;
    return planPayouts(payouts, {
      desktopId,
      isWhispered: (id) => store.get("command", aboutWhisper(id))?.state === "acknowledged",
      isWhisperRepeated: (id) => session.asked.has(aboutWhisper(id)),
      isNamed: (id) => session.asked.has(nameOf(id)),
      isUncertain: (id) => isUncertain(store, id),
      isMailed: mailedIds(store),
      isInDoubt: (id) => isMailInDoubt(store, session, id),
      hasRepeated: session.hasRepeated(clock.elapsed()),
      injected: [...store.all("injected").keys()],
      isOwedGift: (id) => store.get("injected", id)?.kind === "gift" && isOwedGift(id),
      isRecalled: (id) => store.get("injected", id)?.isRecalled === true,
    });
  }

  #learnNames(payouts: readonly PayoutDetailsDto[]): Change[] {
    const { store, clock } = this.#options;
    return payouts
      .filter(({ id }) => store.get("payout", id) === undefined)
      .map(({ id, characterName }) => put("payout", id, { characterName, at: clock.now() }));
  }

  /** A withdrawal that was acknowledged has done what it was for; naming forgets the ones before it. */
  #forgetWithdrawn(): Change[] {
    const { store, session, clock } = this.#options;
    const isMailed = mailedIds(store);
    return [...store.all("injected").keys()].flatMap((id) => {
      if (store.get("command", aboutWithdrawal(id))?.state !== "acknowledged") return [];
      session.asked.delete(nameOf(id));
      session.asked.delete(aboutWithdrawal(id));
      // Unheard by us, the addon may have acted on one of them: under the same number it would name nothing again.
      const namings = [...store.all("command").keys()].filter((about) => mailIdsOf(about).includes(id));
      const isAsked = isMailInDoubt(store, session, id) && !isMailed(id) && store.get("question", id) === undefined;
      return [
        drop("injected", id),
        drop("command", aboutWithdrawal(id)),
        ...namings.map((about) => drop("command", about)),
        // The row is gone, the doubt is not.
        ...(isAsked ? [put("question", id, { reason: "session_not_flushed", raisedAt: clock.now() })] : []),
      ];
    });
  }

  /** What another desktop held and holds no more has been settled there. */
  #forgetForeign(payouts: readonly PayoutDetailsDto[]): Change[] {
    const { store, desktopId } = this.#options;
    const isForeign = (id: string) =>
      payouts.some((one) => one.id === id && one.status === "InProgress" && one.heldBy !== desktopId);
    return [...store.all("question")].flatMap(([id, { reason }]) =>
      reason === "held_by_other_desktop" && !isForeign(id) ? [drop("question", id)] : [],
    );
  }

  #changesOf(plan: PayoutPlan, isActive: boolean): Change[] {
    const raisedAt = this.#options.clock.now();
    const ask = (ids: readonly string[], reason: Question["reason"]) =>
      ids.map((id) => put("question", id, { reason, raisedAt }));
    return [
      ...plan.done.map((id) => drop("injected", id)),
      ...ask(plan.unflushed, "session_not_flushed"),
      ...(isActive ? ask(plan.foreign, "held_by_other_desktop") : []),
    ];
  }

  /**
   * Gold that waits to be named and is not to be any more, or not before what has to leave has left: the withdrawal may
   * have been given up. What is still to be named is named anew.
   */
  #takeBackGold(payouts: readonly PayoutDetailsDto[]): void {
    const { queue, session, desktopId } = this.#options;
    const ours = new Set(payouts.filter(({ heldBy }) => heldBy === desktopId).map(({ id }) => id));
    for (const about of queue.waiting) {
      const ids = mailIdsOf(about);
      if (about !== aboutGold(ids) || (!this.#isWithdrawing && ids.every((id) => ours.has(id)))) continue;
      queue.cancel(about);
      for (const id of ids) session.asked.delete(nameOf(id));
    }
  }

  /** Who waits to be asked for consent, and has nothing to agree to any more, is not asked. */
  #takeBackWhispers(payouts: readonly PayoutDetailsDto[]): void {
    const { queue, session } = this.#options;
    const wanted = new Set(payouts.map(({ id }) => aboutWhisper(id)));
    for (const about of queue.waiting) {
      if (!about.startsWith(aboutWhisper("")) || wanted.has(about)) continue;
      queue.cancel(about);
      session.asked.delete(about);
    }
  }

  #name(payouts: readonly PayoutDetailsDto[]): void {
    const { queue, session } = this.#options;
    const entries = payouts.map(({ id, characterName }) => ({ payoutId: id, characterName, copper: PAYOUT_COPPER }));
    for (const { command, payoutIds } of texts.receiveGold(entries)) {
      for (const id of payoutIds) session.asked.add(nameOf(id));
      const text = async () => {
        await recordNaming(this.#options, "gold", payoutIds);
        return command;
      };
      queue.request({ about: aboutGold(payoutIds), kind: "other", text });
    }
  }

  #askOnce(about: string, kind: "withdraw" | "other", text: () => texts.CommandText): void {
    const { queue, session } = this.#options;
    if (session.asked.has(about)) return;
    session.asked.add(about);
    queue.request({ about, kind, text });
  }
}
