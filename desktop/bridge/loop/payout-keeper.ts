import { PAYOUT_COPPER } from "@mgm/domain/economics";
import type { PayoutDetailsDto } from "@mgm/domain/wire";
import type { Clock } from "../clock.ts";
import type { CommandQueue } from "../commands/command-queue.ts";
import * as texts from "../commands/command-text.ts";
import { sameness } from "../delivery/fact.ts";
import { type Change, drop, put, type Store } from "../store/store.ts";
import { type PayoutPlan, planPayouts } from "./payout-plan.ts";
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

  constructor(options: PayoutKeeperOptions) {
    this.#options = options;
  }

  /** Payouts that a Sync would set InProgress, as of the last look. */
  get syncable(): readonly PayoutDetailsDto[] {
    return this.#syncable;
  }

  /** Looks at the active payouts. `isActive`: whether this desktop is; another one's must not be acted on. */
  async look(payouts: readonly PayoutDetailsDto[], isActive: boolean): Promise<void> {
    const { store } = this.#options;
    await store.commit([...this.#learnNames(payouts), ...this.#forgetWithdrawn()]);
    const plan = this.#plan(payouts);
    this.#syncable = isActive ? plan.syncable : [];
    this.#takeBackGold(payouts);
    await store.commit(this.#changesOf(plan, isActive));
    for (const id of plan.withdraw) this.#askOnce(`withdraw:${id}`, "withdraw", () => texts.withdraw(id));
    if (!isActive) return;
    for (const { id, characterName } of plan.whisper) {
      this.#askOnce(whisperOf(id), "other", () => texts.whisperWinner(id, characterName));
    }
    this.#name(plan.name);
  }

  /** What a command was about is asked for again at the next look, if the plan still wants it. */
  forget(about: string): void {
    const { session } = this.#options;
    session.asked.delete(about);
    for (const id of idsOfGold(about)) session.asked.delete(nameOf(id));
  }

  #plan(payouts: readonly PayoutDetailsDto[]): PayoutPlan {
    const { store, session, desktopId } = this.#options;
    const heard = mailedPayouts(store);
    return planPayouts(payouts, {
      desktopId,
      isWhispered: (id) => store.get("command", whisperOf(id))?.state === "acknowledged",
      isWhisperRepeated: (id) => session.asked.has(whisperOf(id)),
      isNamed: (id) => session.asked.has(nameOf(id)),
      isUncertain: (id) => store.get("sending", id) !== undefined || store.get("question", id) !== undefined,
      isMailHeard: (id) => heard.has(id),
      injected: [...store.all("injected").keys()],
      isRecalled: (id) => store.get("injected", id)?.isRecalled === true,
    });
  }

  #learnNames(payouts: readonly PayoutDetailsDto[]): Change[] {
    const { store, clock } = this.#options;
    return payouts
      .filter(({ id }) => store.get("payout", id) === undefined)
      .map(({ id, characterName }) => put("payout", id, { characterName, at: clock.now() }));
  }

  /** A withdrawal that was acknowledged after its gold was named has done what it was for. */
  #forgetWithdrawn(): Change[] {
    const { store, session } = this.#options;
    return [...store.all("injected")].flatMap(([id, { at }]) => {
      const record = store.get("command", `withdraw:${id}`);
      if (record?.state !== "acknowledged" || record.at < at) return [];
      session.asked.delete(nameOf(id));
      session.asked.delete(`withdraw:${id}`);
      return [drop("injected", id), drop("command", `withdraw:${id}`)];
    });
  }

  #changesOf(plan: PayoutPlan, isActive: boolean): Change[] {
    const raisedAt = this.#options.clock.now();
    const asked = isActive ? plan.questions : [];
    return [
      ...plan.done.map((id) => drop("injected", id)),
      ...asked.map((id) => put("question", id, { reason: "held_by_other_desktop", raisedAt })),
    ];
  }

  /** Gold that waits to be named and is not to be any more; what is left of its command is named anew. */
  #takeBackGold(payouts: readonly PayoutDetailsDto[]): void {
    const { queue, session, desktopId } = this.#options;
    const ours = new Set(payouts.filter(({ heldBy }) => heldBy === desktopId).map(({ id }) => id));
    for (const about of queue.waiting) {
      const ids = idsOfGold(about);
      if (ids.every((id) => ours.has(id))) continue;
      queue.cancel(about);
      for (const id of ids) session.asked.delete(nameOf(id));
    }
  }

  #name(payouts: readonly PayoutDetailsDto[]): void {
    const { store, queue, session, clock } = this.#options;
    const entries = payouts.map(({ id, characterName }) => ({ payoutId: id, characterName, copper: PAYOUT_COPPER }));
    for (const { command, payoutIds } of texts.receiveGold(entries)) {
      for (const id of payoutIds) session.asked.add(nameOf(id));
      const text = async () => {
        // Before it is typed: after a crash nobody could say whether the addon has it.
        await store.commit(payoutIds.map((id) => put("injected", id, { at: clock.now(), isRecalled: false })));
        return command;
      };
      queue.request({ about: `gold:${payoutIds.join(",")}`, kind: "other", text });
    }
  }

  #askOnce(about: string, kind: "withdraw" | "other", text: () => texts.CommandText): void {
    const { queue, session } = this.#options;
    if (session.asked.has(about)) return;
    session.asked.add(about);
    queue.request({ about, kind, text });
  }
}

/** Payouts of which the log said that the mail left: on its way to the API, told, or refused by it. */
function mailedPayouts(store: Store): ReadonlySet<string> {
  const facts = [...store.all("fact").values(), ...[...store.all("refusal").values()].map(({ fact }) => fact)];
  const known = facts.flatMap(({ content }) =>
    content.kind === "mail_sent" && !content.byHand ? [content.payoutId] : [],
  );
  const told = [...store.all("injected").keys()].filter(
    (payoutId) => store.get("told", sameness({ kind: "mail_sent", payoutId, byHand: false })) !== undefined,
  );
  return new Set([...known, ...told]);
}

const whisperOf = (payoutId: string) => `whisper:${payoutId}`;
const nameOf = (payoutId: string) => `named:${payoutId}`;

function idsOfGold(about: string): string[] {
  return about.startsWith("gold:") ? about.slice("gold:".length).split(",") : [];
}
