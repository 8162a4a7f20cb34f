import type { GiftRequestDetailsDto } from "@mgm/domain/wire";
import type { BridgeAlert } from "../bridge-options.ts";
import type { Clock } from "../clock.ts";
import {
  aboutGiftBags,
  aboutGiftItem,
  aboutGiftMail,
  aboutGiftQuestion,
  isAboutGift,
  mailIdsOf,
} from "../commands/about.ts";
import type { CommandQueue } from "../commands/command-queue.ts";
import * as texts from "../commands/command-text.ts";
import type { ApiClient } from "../http/api-client.ts";
import { put, type Store } from "../store/store.ts";
import { drawStack, wantDraw } from "./gift-draw.ts";
import { type GiftFacts, type GiftStep, planGift, promisedStacks } from "./gift-plan.ts";
import { isGiftAnswered, isMailInDoubt, isUncertain, mailedIds, nameOf } from "./mail-knowledge.ts";
import { recordNaming } from "./record-naming.ts";
import type { Session } from "./session.ts";

/** What a keeper of gifts is made of. */
export interface GiftKeeperOptions {
  readonly store: Store;
  readonly api: ApiClient;
  readonly queue: CommandQueue;
  readonly session: Session;
  readonly clock: Clock;
  readonly desktopId: string;
  readonly alert: (alert: BridgeAlert) => void;
}

/** What a request's plan minds of other mails. */
type OtherMails = Pick<GiftFacts, "isWithdrawing" | "promised">;

/** A step that is typed, and what the command is about. */
interface TypedStep {
  readonly about: string;
  readonly text: () => texts.CommandText | Promise<texts.CommandText>;
}

/** Carries out the plan for the gift requests: what is stored about them, what is typed, and which cannot be served. */
export class GiftKeeper {
  readonly #options: GiftKeeperOptions;
  /** Requests for which the streamer was told that there is nothing to give. */
  readonly #alerted = new Set<string>();

  constructor(options: GiftKeeperOptions) {
    this.#options = options;
  }

  /**
   * Looks at the gift requests. `isActive`: whether this desktop is; another one's must not be acted on.
   * `isWithdrawing`: whether something waits to leave the addon's queue, before which nothing is named.
   */
  async look(
    gifts: readonly GiftRequestDetailsDto[],
    { isActive, isWithdrawing }: { readonly isActive: boolean; readonly isWithdrawing: boolean },
  ): Promise<void> {
    const wanted: TypedStep[] = [];
    if (isActive) {
      await this.#learn(gifts);
      const others = { isWithdrawing, promised: promisedStacks(gifts) };
      for (const gift of gifts) wanted.push(...(await this.#act(gift, others)));
    }
    this.#takeBack(new Set(wanted.map(({ about }) => about)));
    for (const step of wanted) this.#askOnce(step);
  }

  /** What is remembered of a request has its viewer's name, for the log names requests by their ids alone. */
  async #learn(gifts: readonly GiftRequestDetailsDto[]): Promise<void> {
    const { store, clock } = this.#options;
    const met = gifts.filter(({ id, state }) => state !== "Pending" && store.get("gift", id) === undefined);
    await store.commit(met.map(({ id, characterName }) => put("gift", id, wantDraw(characterName, clock.now()))));
  }

  /** Does the next step of a request, save typing: what is to be typed is the answer. */
  async #act(gift: GiftRequestDetailsDto, others: OtherMails): Promise<TypedStep[]> {
    const step = this.#plan(gift, others);
    if (step === null) return [];
    switch (step.kind) {
      case "draw":
        await this.#draw(gift.id, step);
        return await this.#act(gift, others);
      case "fail":
        await this.#giveUp(gift);
        return [];
      default:
        return [this.#typed(gift, step)];
    }
  }

  #plan(gift: GiftRequestDetailsDto, others: OtherMails): GiftStep | null {
    const { store, session, desktopId } = this.#options;
    const { id } = gift;
    return planGift(gift, {
      desktopId,
      draw: store.get("gift", id),
      isAnswered: isGiftAnswered(store, id),
      isMailUnclear: isUncertain(store, id) || mailedIds(store)(id) || isMailInDoubt(store, session, id),
      ...others,
    });
  }

  /** Stored before anything is done about it: a restart must not draw again. */
  async #draw(id: string, { stacks }: Extract<GiftStep, { kind: "draw" }>): Promise<void> {
    const { store, clock } = this.#options;
    const draw = store.get("gift", id);
    if (draw === undefined) throw new Error(`nothing is known of the gift request ${id}`);
    await store.commit([put("gift", id, drawStack(draw, stacks, clock.now()))]);
  }

  async #giveUp({ id, characterName }: GiftRequestDetailsDto): Promise<void> {
    const { api, alert } = this.#options;
    if (!this.#alerted.has(id)) alert({ code: "no_items_available", id, characterName });
    this.#alerted.add(id);
    // What came of it the next poll tells; as long as the request is open it is failed again.
    await api.failGift(id, "no_items_available");
  }

  #typed({ id, characterName }: GiftRequestDetailsDto, step: Exclude<GiftStep, { kind: "draw" | "fail" }>): TypedStep {
    switch (step.kind) {
      case "list":
        return { about: aboutGiftBags(id, step.round), text: () => texts.requestGiftItems(id) };
      case "describe":
        return { about: aboutGiftItem(id, step.round), text: () => texts.describeGiftItem(id, step.stack) };
      case "ask":
        return {
          about: aboutGiftQuestion(id),
          text: () => texts.requestGiftConfirmation(id, characterName, step.stack),
        };
      case "mail":
        return { about: aboutGiftMail(id), text: () => this.#nameMail(id, characterName, step) };
      default:
        return step satisfies never;
    }
  }

  async #nameMail(
    id: string,
    characterName: string,
    { stack }: Extract<GiftStep, { kind: "mail" }>,
  ): Promise<texts.CommandText> {
    await recordNaming(this.#options, "gift", [id]);
    return texts.sendGift(id, characterName, stack);
  }

  /** What waits to be typed and is not wanted any more; wanted again, it is asked for anew. */
  #takeBack(wanted: ReadonlySet<string>): void {
    const { queue, session } = this.#options;
    for (const about of queue.waiting) {
      if (!isAboutGift(about) || wanted.has(about)) continue;
      queue.cancel(about);
      session.asked.delete(keyOf(about));
    }
  }

  #askOnce({ about, text }: TypedStep): void {
    const { queue, session } = this.#options;
    if (session.asked.has(keyOf(about))) return;
    session.asked.add(keyOf(about));
    queue.request({ about, kind: "other", text });
  }
}

/** Mail is remembered by its id, as gold is: whoever withdraws it makes it be named again. */
function keyOf(about: string): string {
  const [mailId] = mailIdsOf(about);
  return mailId === undefined ? about : nameOf(mailId);
}
