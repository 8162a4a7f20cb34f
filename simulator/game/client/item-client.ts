import type { HostFunctions, LuaValue } from "../vm/lua-state.ts";
import type { Slot } from "../world/inventory.ts";
import { type ItemStack, itemLink, itemTemplate } from "../world/items.ts";
import type { Client } from "./client.ts";
import { globalString, resolvePlurals } from "./global-strings.ts";

/** Bags, cursor and locks as the client sees them. A stack on the cursor or in a mail form is locked. */
export class ItemClient {
  readonly #client: Client;
  readonly #locked = new Set<string>();
  #held: Slot | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Where the stack on the cursor lies. */
  get held(): Slot | undefined {
    return this.#held;
  }

  /** The cursor lets go; the lock is the caller's to keep or lift. */
  drop(): void {
    const place = this.#held;
    this.#held = undefined;
    if (place !== undefined) this.setLocked(place, false);
    this.#client.fire("CURSOR_UPDATE");
  }

  setLocked(place: Slot, locked: boolean): void {
    const key = keyOf(place);
    if (this.#locked.has(key) === locked) return;
    if (locked) this.#locked.add(key);
    else this.#locked.delete(key);
    this.#client.fire("ITEM_LOCK_CHANGED", place.bag, place.slot);
  }

  functions(): HostFunctions {
    const { inventory } = this.#client.world;
    const place = (bag: LuaValue, slot: LuaValue): Slot => ({ bag: Number(bag), slot: Number(slot) });
    return {
      bag_size: (bag) => inventory.size(Number(bag)),
      bag_free: (bag) => inventory.freeSlots(Number(bag)),
      bag_item: (bag, slot) => {
        const stack = inventory.at(place(bag, slot));
        if (stack === undefined) return [];
        const quality = stack.uncached ? -1 : stack.template.quality;
        const locked = this.#locked.has(keyOf(place(bag, slot))) ? 1 : undefined;
        return [stack.template.icon, stack.count, locked, quality, undefined, undefined, itemLink(stack)];
      },
      bag_link: (bag, slot) => {
        const stack = inventory.at(place(bag, slot));
        return stack === undefined ? undefined : itemLink(stack);
      },
      bag_item_id: (bag, slot) => inventory.at(place(bag, slot))?.template.id,
      bag_refund: (bag, slot) => {
        const stack = inventory.at(place(bag, slot));
        return stack?.refundable ? [0, 0, 0, 1, 5_000] : [];
      },
      bag_quest: (bag, slot) => {
        const template = inventory.at(place(bag, slot))?.template;
        if (template === undefined) return [];
        const isQuestItem = template.type === "Quest" || template.bind === "quest" ? 1 : undefined;
        return [isQuestItem, template.startsQuestId, undefined];
      },
      bag_pickup: (bag, slot) => {
        this.#pickUp(place(bag, slot));
      },
      bag_split: (bag, slot, count) => {
        this.#split(place(bag, slot), Number(count));
      },
      bag_tooltip: (bag, slot) => {
        const stack = inventory.at(place(bag, slot));
        return stack === undefined ? [] : this.#tooltip(stack);
      },
      cursor_item: () => {
        const stack = this.#held === undefined ? undefined : inventory.at(this.#held);
        return stack === undefined ? [] : ["item", stack.template.id, itemLink(stack)];
      },
      cursor_clear: () => {
        this.drop();
      },
      item_info: (which) => this.#info(which),
      item_count: (which) => inventory.countOf(idOf(which)),
    };
  }

  #pickUp(place: Slot): void {
    const { inventory } = this.#client.world;
    const held = this.#held;
    if (held === undefined) {
      if (inventory.at(place) === undefined || this.#locked.has(keyOf(place))) return;
      this.#held = place;
      this.setLocked(place, true);
      this.#client.fire("CURSOR_UPDATE");
      return;
    }
    this.drop();
    if (keyOf(held) === keyOf(place)) return;
    this.#client.world.send(() => {
      inventory.move(held, place);
      this.#client.world.toClient((link) => {
        for (const bag of new Set([held.bag, place.bag])) link.bagChanged(bag);
      });
    });
  }

  /** A part of a stack: on this server it gets a slot of its own at once, and the cursor holds it. */
  #split(place: Slot, count: number): void {
    const { inventory } = this.#client.world;
    const stack = inventory.at(place);
    if (stack === undefined || count <= 0 || count >= stack.count || this.#held !== undefined) return;
    stack.count -= count;
    const part = inventory.put(stack.template.id, { count, soulbound: stack.soulbound });
    this.#held = part;
    this.setLocked(part, true);
    this.#client.fire("BAG_UPDATE", place.bag);
    this.#client.fire("CURSOR_UPDATE");
  }

  #info(which: LuaValue): LuaValue[] {
    const template = itemTemplate(idOf(which));
    if (template === undefined) return [];
    const { inventory } = this.#client.world;
    for (let bag = 0; bag < 5; bag++) {
      for (let slot = 1; slot <= inventory.size(bag); slot++) {
        const stack = inventory.at({ bag, slot });
        if (stack?.template.id === template.id && stack.uncached) return [];
      }
    }
    const link = itemLink({ template, suffixId: 0, uniqueId: 0 } as ItemStack);
    const { name, quality, level, minLevel, type, subType, maxStack, equipLocation, icon, vendorCopper } = template;
    return [name, link, quality, level, minLevel, type, subType, maxStack, equipLocation, icon, vendorCopper];
  }

  #tooltip({ template, soulbound, durationMinutes, refundable }: ItemStack): string[] {
    const { locale } = this.#client;
    const lines = [template.name];
    const add = (key: string, ...args: readonly (string | number)[]) =>
      lines.push(resolvePlurals(globalString(locale, key, ...args)));
    if (template.conjured) add("ITEM_CONJURED");
    if (template.bind === "quest") add("ITEM_BIND_QUEST");
    else if (template.bind === "account") add("ITEM_BIND_TO_ACCOUNT");
    else if (soulbound) add("ITEM_SOULBOUND");
    else if (template.bind === "equip") add("ITEM_BIND_ON_EQUIP");
    else if (template.bind === "use") add("ITEM_BIND_ON_USE");
    if (durationMinutes !== undefined) add(...durationText(durationMinutes));
    if (template.startsQuestId !== undefined) add("ITEM_STARTS_QUEST");
    if (refundable) add("REFUND_TIME_REMAINING", "1 h 59 min");
    return lines;
  }
}

/** The line about the time left, in the largest unit of which there is one. */
function durationText(minutes: number): [key: string, count: number] {
  if (minutes >= 24 * 60) return ["ITEM_DURATION_DAYS", Math.floor(minutes / (24 * 60))];
  if (minutes >= 60) return ["ITEM_DURATION_HOURS", Math.floor(minutes / 60)];
  if (minutes >= 1) return ["ITEM_DURATION_MIN", Math.floor(minutes)];
  return ["ITEM_DURATION_SEC", Math.floor(minutes * 60)];
}

function keyOf({ bag, slot }: Slot): string {
  return `${bag}:${slot}`;
}

/** The number in an item link, an item string, or the number itself. A bare name is not looked up. */
function idOf(which: LuaValue): number {
  if (typeof which === "number") return which;
  const match = /item:(\d+)/.exec(String(which ?? ""));
  return Number(match?.[1] ?? which);
}
