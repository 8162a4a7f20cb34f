import type { GiftActivities, GiftSnapshot } from "@mgm/activities/contract";
import {
  applyGiftEvent,
  demandedByFacts,
  type GiftChange,
  type GiftEvent,
  type GiftFailureReason,
  isOpenGift,
} from "@mgm/domain/gift";
import type { GiftItem } from "@mgm/domain/gift-item";
import {
  CancellationScope,
  proxyLocalActivities,
  setCurrentDetails,
  upsertSearchAttributes,
} from "@temporalio/workflow";
import { oneAtATime } from "../one-at-a-time.ts";
import { refusalFailure } from "../refusal-failure.ts";
import { STATUS } from "../search-attributes.ts";
import { clock, plainText, Story } from "../story.ts";
import type { Origin } from "./inputs.ts";
import type { GiftAnswer } from "./messages.ts";

// Callers read the row as soon as they have their answer, so the projection is awaited before it.
const { projectGift, readGift } = proxyLocalActivities<GiftActivities>({
  startToCloseTimeout: "5s",
  localRetryThreshold: "10s",
  retry: { initialInterval: "100ms", maximumInterval: "5s" },
  summary: "gift request in the read model",
});

type By = Pick<Origin, "cause" | "desktopId">;
const BY_SERVER: By = { cause: "server", desktopId: null };

/**
 * The request inside its workflow: decides by the domain's rules, writes each event into the read model, and answers
 * only then, one event at a time. Facts that the row holds come first; where the row has moved on, it is right, its
 * state is taken over and the decision is made again.
 */
export class GiftEntity {
  #snapshot: GiftSnapshot;
  readonly #inTurn = oneAtATime();
  readonly #story = new Story();

  constructor(snapshot: GiftSnapshot) {
    this.#snapshot = snapshot;
    this.#story.add(Date.now(), `**${snapshot.state}**, by ${snapshot.origin === "chat" ? "chat" : "the extension"}`);
  }

  get snapshot(): GiftSnapshot {
    return this.#snapshot;
  }

  get isOpen(): boolean {
    return isOpenGift(this.#snapshot.state);
  }

  /** Lets an event happen; throws the refusal when the rules do not allow it. */
  async apply(event: GiftEvent, by: By = BY_SERVER): Promise<GiftAnswer> {
    return await this.#inTurn(() => this.#apply(event, by));
  }

  async #apply(event: GiftEvent, by: By): Promise<GiftAnswer> {
    await this.#settleFacts(by);
    for (;;) {
      let change = applyGiftEvent(this.#snapshot, event);
      if (!change.ok) {
        // Nothing is refused by what we remember: a worker that died may have left the row ahead of us.
        await this.#look();
        change = applyGiftEvent(this.#snapshot, event);
      }
      if (!change.ok) throw refusalFailure(change);
      if (!change.changed) return this.answer;
      if (await this.#project(event, change, by)) return this.answer;
      await this.#settleFacts(by);
    }
  }

  /** Reads what was written into the row without us, and does what it demands. */
  async look(): Promise<GiftAnswer> {
    return await this.#inTurn(async () => {
      await this.#look();
      return this.answer;
    });
  }

  async #look(): Promise<void> {
    this.#adopt(await CancellationScope.nonCancellable(() => readGift(this.#snapshot)), this.#snapshot.version);
    await this.#settleFacts({ cause: "log", desktopId: null });
  }

  get answer(): GiftAnswer {
    const { state, failureReason } = this.#snapshot;
    return { state, failureReason };
  }

  async #settleFacts(by: By): Promise<void> {
    for (;;) {
      const demanded = demandedByFacts(this.#snapshot, this.#snapshot.facts);
      if (demanded === null) return;
      const change = applyGiftEvent(this.#snapshot, demanded);
      if (!change.ok) throw refusalFailure(change);
      await this.#project(demanded, change, demanded.type === "failed" ? BY_SERVER : by);
    }
  }

  async #project(event: GiftEvent, { record }: GiftChange & { ok: true }, by: By): Promise<boolean> {
    const { broadcasterId, giftRequestId, version } = this.#snapshot;
    const projection = { broadcasterId, giftRequestId, follows: version, event, record, ...by, at: Date.now() };
    // An operator's cancellation of the workflow must not cut off a write that it causes.
    const { applied, gift } = await CancellationScope.nonCancellable(() => projectGift(projection));
    this.#adopt(gift, applied ? null : version);
    return applied;
  }

  #adopt(snapshot: GiftSnapshot, refusedVersion: number | null): void {
    // An answer that was overtaken by a newer one is dropped; a row that fell behind (a restored backup) is believed.
    const isBehindRefused = refusedVersion !== null && snapshot.version < refusedVersion;
    if (snapshot.version < this.#snapshot.version && !isBehindRefused) return;
    const hasChanged = snapshot.state !== this.#snapshot.state;
    this.#snapshot = snapshot;
    if (hasChanged) {
      upsertSearchAttributes([{ key: STATUS, value: snapshot.state }]);
      this.#story.add(Date.now(), `**${snapshot.state}**${reasonText(snapshot.failureReason)}`);
    }
    this.tellOperators();
  }

  /** How it stands and the story so far, for the workflow's page. */
  tellOperators(): void {
    const { characterName, viewerDisplayName, state, selectedItem, timeoutAt, failureReason } = this.#snapshot;
    setCurrentDetails(
      [
        `**${plainText(characterName)}** (${plainText(viewerDisplayName)}): **${state}**${reasonText(failureReason)}`,
        ...(selectedItem === null ? [] : [itemText(selectedItem)]),
        ...(state === "Pending" ? ["Waits for its turn."] : []),
        ...(timeoutAt === null ? [] : [`Has time until ${clock(timeoutAt)}`]),
        this.#story.text,
      ].join("\n\n"),
    );
  }
}

/** An item as operators read it. */
export function itemText({ name, id, count }: GiftItem): string {
  return `${count} × **${plainText(name)}** (item \`${id}\`)`;
}

function reasonText(reason: GiftFailureReason | null): string {
  return reason === null ? "" : ` (\`${reason}\`)`;
}
