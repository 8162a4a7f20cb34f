import type { AnnouncementEnd, PayoutActivities, PayoutProjection, PayoutSnapshot } from "@mgm/activities/contract";
import { COPPER_PER_GOLD } from "@mgm/domain/economics";
import {
  acceptPayout,
  confirmMail,
  isActive,
  type PayoutChange,
  type PayoutStatus,
  requestStatus,
  type StatusRequest,
} from "@mgm/domain/payout";
import type { Refusal } from "@mgm/domain/refusal";
import {
  CancellationScope,
  patched,
  proxyLocalActivities,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
} from "@temporalio/workflow";
import { type InTurn, oneAtATime } from "../one-at-a-time.ts";
import { refusalFailure } from "../refusal-failure.ts";
import { STATUS } from "../search-attributes.ts";
import { clock, plainText, Story } from "../story.ts";
import { untilMs } from "../until.ts";
import type { AcceptanceMessage, ConfirmationMessage, StatusMessage } from "./inputs.ts";
import type { PayoutAnswer } from "./messages.ts";

// Callers read the row as soon as they have their answer, so the projection is awaited before it.
const { projectPayout, readPayout } = proxyLocalActivities<PayoutActivities>({
  startToCloseTimeout: "5s",
  localRetryThreshold: "10s",
  retry: { initialInterval: "100ms", maximumInterval: "5s" },
  summary: "payout in the read model",
});

/**
 * How long the operators' list may lag behind a payout that keeps changing. To write it costs the server more than all the
 * rest of a change, so it is written at once after a rest, at once at the end, and else no more often than this.
 */
const LISTED_EVERY_MS = 5_000;
/** Payouts that changed quickly without it replay as they ran: each change listed at once. */
const LISTED_LATER = "listed-later";

type Decision = Pick<PayoutProjection, "state" | "steps" | "accepted" | "confirmed">;
type By = ConfirmationMessage;
type Fact = Pick<By, "cause" | "desktopId">;

/**
 * The payout inside its workflow: decides by the domain's rules, writes each decision into the read model, and answers
 * only then, one message at a time. When the row has moved on (a worker died after it wrote and before the server
 * knew), the row is right: its state is taken over and the decision is made again. So nothing is refused, and nothing
 * found done already, by what the workflow remembers, unless the caller saw that very version of the row.
 */
export class PayoutEntity {
  #snapshot: PayoutSnapshot;
  #sentAt: number | null = null;
  readonly #story = new Story();
  readonly #isOrderly: boolean;
  readonly #inTurn: InTurn;
  #listed: { readonly status: PayoutStatus; readonly at: number };
  #isListingLater = false;

  /** Payouts that began before `isOrderly` was there go on as they began. */
  constructor(snapshot: PayoutSnapshot, isOrderly: boolean) {
    this.#snapshot = snapshot;
    this.#isOrderly = isOrderly;
    // By whoever started the workflow.
    this.#listed = { status: snapshot.status, at: Number.NEGATIVE_INFINITY };
    this.#story.add(Date.now(), `**${snapshot.status}**, ${snapshot.copper / COPPER_PER_GOLD} gold are owed`);
    this.#inTurn = isOrderly ? oneAtATime() : (work) => work();
  }

  get snapshot(): PayoutSnapshot {
    return this.#snapshot;
  }

  get isActive(): boolean {
    return isActive(this.#snapshot.status);
  }

  /** When this workflow saw it become Sent (Unix milliseconds); null when it did not. */
  get sentAt(): number | null {
    return this.#sentAt;
  }

  /** Refuses at once what the rules refuse of what the caller saw; what passes is decided when its turn comes. */
  validateStatus(input: StatusMessage): void {
    if (this.#isWhatWasSeenBy(input)) rejectRefusal(requestStatus(this.#snapshot, statusRequest(input)));
  }

  validateAcceptance(input: AcceptanceMessage): void {
    if (this.#isWhatWasSeenBy(input)) rejectRefusal(this.#acceptance(input));
  }

  #isWhatWasSeenBy({ rowVersion }: Partial<By>): boolean {
    return rowVersion === this.#snapshot.version;
  }

  async changeStatus(input: StatusMessage): Promise<PayoutAnswer> {
    return await this.#apply(input, () => plain(requestStatus(this.#snapshot, statusRequest(input))));
  }

  async accept(input: AcceptanceMessage): Promise<PayoutAnswer> {
    return await this.#apply(input, () => {
      const change = this.#acceptance(input);
      return change.ok ? { state: change.state, steps: [], accepted: change.changed, confirmed: false } : change;
    });
  }

  async confirmMail(input: Fact & Partial<By>): Promise<PayoutAnswer> {
    return await this.#apply(input, () => this.#confirmation(input));
  }

  /** Reads what was written into the row without us, and does what it demands. */
  async look(): Promise<PayoutAnswer> {
    return await this.#inTurn(async () => {
      await this.#look();
      return this.#answer(false);
    });
  }

  #confirmation(by: Fact): Decision | Refusal {
    const change = plain(confirmMail(this.#snapshot, by));
    return "code" in change ? change : { ...change, confirmed: true };
  }

  #acceptance(input: AcceptanceMessage) {
    const { characterName } = this.#snapshot;
    return acceptPayout(this.#snapshot, {
      drawnName: characterName,
      characterName: input.characterName,
      at: input.receivedAt,
    });
  }

  async #apply(by: Fact & Partial<By>, decide: () => Decision | Refusal): Promise<PayoutAnswer> {
    return await this.#inTurn(async () => {
      const maySayNo = !this.#isOrderly || this.#isWhatWasSeenBy(by);
      if (!maySayNo && changesNothing(decide())) await this.#look();
      return await this.#settle(by, decide);
    });
  }

  async #settle(by: Fact, decide: () => Decision | Refusal): Promise<PayoutAnswer> {
    for (;;) {
      const decision = decide();
      if ("code" in decision) throw refusalFailure(decision);
      if (changesNothing(decision)) return this.#answer(false);
      const before = this.#snapshot.status;
      const applied = await this.#project(by, decision);
      if (applied) return this.#answer(before !== "Sent" && this.#snapshot.status === "Sent");
    }
  }

  async #look(): Promise<void> {
    const { broadcasterId, payoutId, version } = this.#snapshot;
    const payout = await CancellationScope.nonCancellable(() => readPayout({ broadcasterId, payoutId }));
    this.#adopt(payout, Date.now(), version);
    await this.#settleFact(payout);
  }

  async #settleFact({ mailConfirmation: fact, status }: PayoutSnapshot): Promise<void> {
    if (fact !== null && isActive(status)) await this.#settle(fact, () => this.#confirmation(fact));
  }

  async #project(by: Fact, decision: Decision): Promise<boolean> {
    const { broadcasterId, payoutId, version } = this.#snapshot;
    const at = Date.now();
    // An operator's cancellation of the workflow must not cut off a write that it causes.
    const { cause, desktopId } = by;
    const result = await CancellationScope.nonCancellable(() =>
      projectPayout({ broadcasterId, payoutId, follows: version, ...decision, cause, desktopId, at }),
    );
    this.#adopt(result.payout, at, result.applied ? null : version);
    if (!result.applied) await this.#settleFact(result.payout);
    return result.applied;
  }

  #adopt(snapshot: PayoutSnapshot, at: number, refusedVersion: number | null): void {
    // An answer that was overtaken by a newer one is dropped; a row that fell behind (a restored backup) is believed.
    const isBehindRefused = refusedVersion !== null && snapshot.version < refusedVersion;
    if (snapshot.version < this.#snapshot.version && !isBehindRefused) return;
    const before = this.#snapshot;
    const hasChanged = snapshot.status !== before.status;
    if (hasChanged && snapshot.status === "Sent") this.#sentAt = at;
    this.#snapshot = snapshot;
    this.#tellWhatChanged(before, at);
    if (hasChanged) this.#list();
    this.tellOperators();
  }

  /** Has the operators' list tell the status. */
  #list(): void {
    const dueAt = this.#listed.at + LISTED_EVERY_MS;
    if (this.isActive && Date.now() < dueAt && patched(LISTED_LATER)) {
      if (!this.#isListingLater) void this.#listAt(dueAt);
      return;
    }
    const { status } = this.#snapshot;
    this.#listed = { status, at: Date.now() };
    upsertSearchAttributes([{ key: STATUS, value: status }]);
  }

  async #listAt(dueAt: number): Promise<void> {
    this.#isListingLater = true;
    await CancellationScope.nonCancellable(() => sleep(untilMs(dueAt), { summary: "until the status is listed" }));
    this.#isListingLater = false;
    if (this.#snapshot.status !== this.#listed.status) this.#list();
  }

  /** How it stands and the story so far, for the workflow's page. */
  tellOperators(): void {
    const { characterName, twitchDisplayName, copper, status, acceptedAt, expiresAt } = this.#snapshot;
    const winner = `**${plainText(characterName)}** (${plainText(twitchDisplayName)})`;
    const owed = [
      acceptedAt === null ? "The winner has not answered in the game yet." : "The winner has agreed.",
      `Expires ${clock(expiresAt)} unless the mail is confirmed before.`,
    ];
    setCurrentDetails(
      [
        `${winner}: ${copper / COPPER_PER_GOLD} gold, **${status}**`,
        ...(this.isActive ? owed : []),
        this.#story.text,
      ].join("\n\n"),
    );
  }

  /** Tells how the chat was told. */
  tellAnnouncement(end: AnnouncementEnd): void {
    this.#story.add(Date.now(), `announcement in chat: **${end}**`);
    this.tellOperators();
  }

  #tellWhatChanged(before: PayoutSnapshot, at: number): void {
    const { status, acceptedAt, heldBy, mailConfirmation } = this.#snapshot;
    if (acceptedAt !== null && before.acceptedAt === null) this.#story.add(acceptedAt, "the winner agreed");
    if (mailConfirmation !== null && before.mailConfirmation === null) {
      this.#story.add(at, `the mail is confirmed (${mailConfirmation.cause})`);
    }
    if (status === before.status) return;
    const holder = status === "InProgress" && heldBy !== null ? `, held by desktop \`${heldBy}\`` : "";
    this.#story.add(at, `**${status}**${holder}`);
  }

  #answer(madeSent: boolean): PayoutAnswer {
    return { status: this.#snapshot.status, madeSent };
  }
}

function changesNothing(decision: Decision | Refusal): boolean {
  return "code" in decision || (decision.steps.length === 0 && !decision.accepted);
}

function statusRequest({ status, cause, desktopId }: StatusMessage): StatusRequest {
  return { to: status, cause, desktopId };
}

function plain(change: PayoutChange): Decision | Refusal {
  return change.ok ? { state: change.state, steps: change.steps, accepted: false, confirmed: false } : change;
}

function rejectRefusal(change: { ok: true } | Refusal): void {
  if (!change.ok) throw refusalFailure(change);
}
