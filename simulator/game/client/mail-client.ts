import type { HostFunctions } from "../vm/lua-state.ts";
import type { Slot } from "../world/inventory.ts";
import { type ItemStack, itemLink, mailObstacle } from "../world/items.ts";
import { MAX_ATTACHMENTS, MAX_COPPER, type MailError, postage } from "../world/mail-rules.ts";
import type { Client } from "./client.ts";
import { globalString } from "./global-strings.ts";
import { ItemClient } from "./item-client.ts";

/*
 * The client keeps one form for all mails: one amount, one C.O.D., twelve attachments. Whoever sends, sends what lies in
 * it; an answer of the server names no mail. After a success the form is empty, after a refusal it is as it was.
 */

/** The mailbox as the client's own code knows it. */
export class MailClient {
  readonly #client: Client;
  readonly #items: ItemClient;
  #isOpen = false;
  #copper = 0;
  #codCopper = 0;
  #slots: (Slot | undefined)[] = [];
  #asking: Slot | undefined;
  /** Whether the server's end of the mailbox tells MAIL_CLOSED a second time. */
  closesTwice = true;

  constructor(client: Client) {
    this.#client = client;
    this.#items = new ItemClient(client);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The streamer clicks the mailbox. */
  open(): void {
    this.#isOpen = true;
    this.#client.fire("MAIL_SHOW");
  }

  /** CloseMail(), or the streamer walks away. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#clear();
    this.#client.fire("MAIL_CLOSED");
    if (this.closesTwice) this.#client.fire("MAIL_CLOSED");
  }

  /** The server's answer to a send. */
  answer(error: MailError | undefined): void {
    const client = this.#client;
    if (error !== undefined) {
      this.#complain(error);
      client.fire("MAIL_FAILED");
      return;
    }
    this.#clear();
    client.fire("MAIL_SEND_SUCCESS");
    client.fire("UI_INFO_MESSAGE", globalString(client.locale, "ERR_MAIL_SENT"));
  }

  /** The server's answer to another mail command. The events do not say which. */
  answerOther(error: MailError | undefined): void {
    if (error !== undefined) this.#complain(error);
    this.#client.fire(error === undefined ? "MAIL_SUCCESS" : "MAIL_FAILED");
  }

  functions(): HostFunctions {
    const client = this.#client;
    return {
      ...this.#items.functions(),
      mail_close: () => {
        this.close();
      },
      mail_is_open: () => this.#isOpen,
      mail_price: () => postage(this.#attached().length),
      mail_set_money: (value) => {
        const copper = Math.floor(Number(value));
        if (!(copper >= 0) || copper > MAX_COPPER) return undefined;
        if (copper > 0 && (this.#codCopper > 0 || copper + postage(this.#attached().length) > client.state.copper)) {
          this.#complain("ERR_NOT_ENOUGH_MONEY");
          return undefined;
        }
        this.#copper = copper;
        return true;
      },
      mail_money: () => this.#copper,
      mail_set_cod: (value) => {
        this.#codCopper = Math.max(0, Math.floor(Number(value)));
        return true;
      },
      mail_cod: () => this.#codCopper,
      mail_send: (to, subject, body) => {
        client.world.sendMail({
          to: String(to),
          subject: String(subject),
          body: String(body),
          copper: this.#copper,
          codCopper: this.#codCopper,
          attachments: this.#attached(),
        });
      },
      mail_item: (index) => this.#item(Number(index)),
      mail_item_link: (index) => {
        const stack = this.#stackAt(Number(index));
        return stack === undefined ? undefined : itemLink(stack);
      },
      mail_click: (index, clear) => {
        this.#click(Number(index ?? 0), clear === true);
      },
      mail_attach_from_bag: (bag, slot) => {
        if (this.#isOpen) this.#attach({ bag: Number(bag), slot: Number(slot) }, 0);
        return this.#isOpen;
      },
      mail_refund_answer: (yes) => {
        this.#answerRefund(yes === true);
      },
    };
  }

  #item(index: number): (string | number | undefined)[] {
    const stack = this.#stackAt(index);
    if (stack === undefined) return [undefined, undefined, 0, 0];
    return [stack.template.name, stack.template.icon, stack.count, stack.template.quality];
  }

  /** An item on the cursor goes in; without one, the slot's item goes back. */
  #click(index: number, clear: boolean): void {
    const held = this.#items.held;
    if (held !== undefined && !clear) {
      this.#items.drop();
      this.#attach(held, index);
      return;
    }
    const place = this.#slots[index - 1];
    if (place === undefined) return;
    this.#slots[index - 1] = undefined;
    this.#items.setLocked(place, false);
    this.#client.fire("MAIL_SEND_INFO_UPDATE");
  }

  #attach(place: Slot, index: number): void {
    const stack = this.#client.world.inventory.at(place);
    if (stack === undefined || this.#attached().some((one) => one.bag === place.bag && one.slot === place.slot)) return;
    const obstacle = mailObstacle(stack);
    if (obstacle !== undefined) {
      this.#complain(obstacle);
      return;
    }
    const free = index > 0 ? index : this.#firstFree();
    if (free > MAX_ATTACHMENTS) {
      this.#complain("ERR_MAIL_INVALID_ATTACHMENT_SLOT");
      return;
    }
    const before = this.#slots[free - 1];
    if (before !== undefined) this.#items.setLocked(before, false);
    this.#slots[free - 1] = place;
    this.#items.setLocked(place, true);
    this.#client.fire("MAIL_SEND_INFO_UPDATE");
    if (stack.refundable) {
      this.#asking = place;
      this.#client.fire("MAIL_LOCK_SEND_ITEMS", free, itemLink(stack));
    }
  }

  #answerRefund(yes: boolean): void {
    const place = this.#asking;
    if (place === undefined) return;
    this.#asking = undefined;
    const stack = this.#client.world.inventory.at(place);
    if (yes && stack !== undefined) stack.refundable = false;
    if (!yes) {
      this.#slots = this.#slots.map((one) => (one === place ? undefined : one));
      this.#items.setLocked(place, false);
      this.#client.fire("MAIL_SEND_INFO_UPDATE");
    }
    this.#client.fire("MAIL_UNLOCK_SEND_ITEMS");
  }

  #clear(): void {
    const attached = this.#attached();
    this.#slots = [];
    this.#asking = undefined;
    this.#copper = 0;
    this.#codCopper = 0;
    for (const place of attached) this.#items.setLocked(place, false);
    if (attached.length > 0) this.#client.fire("MAIL_SEND_INFO_UPDATE");
  }

  #attached(): Slot[] {
    return this.#slots.filter((one) => one !== undefined);
  }

  #stackAt(index: number): ItemStack | undefined {
    const place = this.#slots[index - 1];
    return place === undefined ? undefined : this.#client.world.inventory.at(place);
  }

  #firstFree(): number {
    let index = 1;
    while (this.#slots[index - 1] !== undefined) index += 1;
    return index;
  }

  #complain(key: string): void {
    this.#client.fire("UI_ERROR_MESSAGE", globalString(this.#client.locale, key));
  }
}
