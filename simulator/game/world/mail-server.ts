import { MAILBOX_CAP } from "./character.ts";
import type { Slot } from "./inventory.ts";
import { mailObstacle } from "./items.ts";
import type { ClientLink } from "./link.ts";
import { type MailError, postage } from "./mail-rules.ts";
import type { World } from "./world.ts";

/*
 * One mail at the server. Refusals with an answer become MAIL_FAILED in the client; some refusals have none. A mail that
 * is taken is answered first and paid for in the next update, so at MAIL_SEND_SUCCESS the money is still the old one.
 *
 *   arrives ─► (fault) ─► at the mailbox? ─► rules ─► taken ─► answer ─► money and bags
 */

/** What the client asks for. */
export type MailRequest = {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly copper: number;
  readonly codCopper: number;
  readonly attachments: readonly Slot[];
};

/** What may happen to the next mail. */
export type MailFault =
  /** The packet is lost: nothing happens, nobody answers. */
  | { readonly kind: "lost" }
  /** The mail goes and is paid for, and nobody answers. */
  | { readonly kind: "silent" }
  /** Taken at once, answered later. */
  | { readonly kind: "late"; readonly delayMs: number }
  /** Refused, whatever the rules say. */
  | { readonly kind: "failed"; readonly error?: MailError; readonly delayMs?: number }
  /** Answered twice. */
  | { readonly kind: "answered_twice" }
  /** The client dies: before the packet leaves, when the mail is taken but not answered, or right after the answer. */
  | { readonly kind: "crash"; readonly when: "before" | "taken" | "answered" }
  /** Answered with success, paid for much later. */
  | { readonly kind: "late_money"; readonly delayMs: number };

/** The money follows the answer by one update of the server. */
const UPDATE_MS = 100;

/** The mail half of the server. */
export class MailServer {
  readonly #world: World;
  readonly #faults: MailFault[] = [];
  /** Whether the streamer's character stands at a mailbox. */
  isNear = true;
  /** Below this level the server only shows a notice. */
  minLevel = 1;

  constructor(world: World) {
    this.#world = world;
  }

  /** The next mails meet these, one each. */
  addFault(...faults: readonly MailFault[]): void {
    this.#faults.push(...faults);
  }

  receive(request: MailRequest): void {
    const fault = this.#faults.shift();
    if (fault?.kind === "crash" && fault.when === "before") {
      this.#tell((link) => link.crash());
      return;
    }
    if (fault?.kind === "lost" || !this.isNear || request.to.trim() === "") return;
    const { personality, streamer } = this.#world;
    if (personality.dropsBarsInSubject && request.subject.includes("| |")) return;
    if (streamer.level < this.minLevel) {
      this.#tell((link) => link.notice(`You must be at least level ${this.minLevel} to send mail.`));
      return;
    }
    const error = fault?.kind === "failed" ? (fault.error ?? "ERR_MAIL_DATABASE_ERROR") : this.#refusal(request);
    if (error !== undefined) {
      const delay = fault?.kind === "failed" ? (fault.delayMs ?? 0) : 0;
      this.#world.toClientAfter(delay, (link) => link.mailResult(error));
      return;
    }
    this.#deliver(request);
    this.#answer(request, fault);
  }

  /** Answers another mail command of the streamer, who took something out of the inbox or deleted a mail. */
  answerOther(error?: MailError): void {
    this.#tell((link) => link.otherMailResult(error));
  }

  #refusal({ to, copper, codCopper, attachments }: MailRequest): MailError | undefined {
    const { inventory, streamer } = this.#world;
    const receiver = this.#world.find(to);
    if (receiver === undefined) return "ERR_MAIL_TARGET_NOT_FOUND";
    if (receiver === streamer) return "ERR_MAIL_TO_SELF";
    if (copper + postage(attachments.length) > inventory.copper) return "ERR_NOT_ENOUGH_MONEY";
    if (receiver.faction !== streamer.faction) return "ERR_PLAYER_WRONG_FACTION";
    if (receiver.mailCount >= MAILBOX_CAP) return "ERR_MAIL_REACHED_CAP";
    if (codCopper > 0 && attachments.length === 0) return "ERR_MAIL_INVALID_ATTACHMENT";
    for (const slot of attachments) {
      const stack = inventory.at(slot);
      if (stack === undefined || stack.isGone) return "ERR_MAIL_INVALID_ATTACHMENT";
      if (mailObstacle(stack) !== undefined) return "ERR_MAIL_BOUND_ITEM";
    }
    return undefined;
  }

  #deliver(request: MailRequest): void {
    const { clock, inventory, streamer } = this.#world;
    const receiver = this.#world.find(request.to);
    if (receiver === undefined) return;
    const items = request.attachments.flatMap((slot) => {
      const stack = inventory.at(slot);
      if (stack === undefined) return [];
      stack.isGone = true;
      return [{ itemId: stack.template.id, count: stack.count }];
    });
    const { subject, body, copper, codCopper } = request;
    inventory.copper -= copper + postage(items.length);
    receiver.mailCount += 1;
    receiver.mails.push({ from: streamer.name, subject, body, copper, codCopper, items, atMs: clock.nowMs });
  }

  #answer({ attachments }: MailRequest, fault: MailFault | undefined): void {
    const { clock, inventory } = this.#world;
    const success = (delayMs: number) => this.#world.toClientAfter(delayMs, (link) => link.mailResult(undefined));
    const bags = [...new Set(attachments.map(({ bag }) => bag))];
    const account = () => {
      for (const slot of attachments) if (inventory.at(slot)?.isGone) inventory.take(slot);
      this.#tell((link) => {
        link.money();
        for (const bag of bags) link.bagChanged(bag);
      });
    };
    clock.after(fault?.kind === "late_money" ? fault.delayMs : UPDATE_MS, account);
    const diesUnanswered = fault?.kind === "crash" && fault.when === "taken";
    if (fault?.kind === "late") success(fault.delayMs);
    else if (fault?.kind !== "silent" && !diesUnanswered) success(0);
    if (fault?.kind === "answered_twice") success(UPDATE_MS);
    if (fault?.kind === "crash") this.#tell((link) => link.crash());
  }

  #tell(say: (link: ClientLink) => void): void {
    this.#world.toClient(say);
  }
}
