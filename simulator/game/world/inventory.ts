import { type ItemStack, itemTemplate } from "./items.ts";

/** Bags: the backpack is 0, the worn ones 1 to 4; slots count from 1. */
export const BAG_COUNT = 5;
const BACKPACK_SLOTS = 16;
/** The largest that a 3.3.5a player can wear. */
const BAG_SLOTS = 24;

/** A place in the bags. */
export type Slot = { readonly bag: number; readonly slot: number };

/** How a stack that is put into the bags differs from an ordinary one. */
export type StackInput = {
  readonly count?: number;
  readonly soulbound?: boolean;
  readonly refundable?: boolean;
  readonly durationMinutes?: number;
  readonly uncached?: boolean;
};

/** What the streamer's character carries. */
export class Inventory {
  readonly #slots = new Map<string, ItemStack>();
  #unique = 1;
  copper: number;

  constructor(copper: number) {
    this.copper = copper;
  }

  size(bag: number): number {
    if (bag === 0) return BACKPACK_SLOTS;
    return bag > 0 && bag < BAG_COUNT ? BAG_SLOTS : 0;
  }

  at({ bag, slot }: Slot): ItemStack | undefined {
    return this.#slots.get(`${bag}:${slot}`);
  }

  /** Puts a stack into a slot, the first free one if none is named. */
  put(itemId: number, input: StackInput = {}, where?: Slot): Slot {
    const template = itemTemplate(itemId);
    if (template === undefined) throw new Error(`no item ${itemId}`);
    const place = where ?? this.#firstFree();
    this.#slots.set(`${place.bag}:${place.slot}`, {
      template,
      count: input.count ?? 1,
      soulbound: input.soulbound ?? (template.bind === "pickup" || template.bind === "quest"),
      refundable: input.refundable ?? false,
      durationMinutes: input.durationMinutes,
      uncached: input.uncached ?? false,
      isGone: false,
      suffixId: 0,
      uniqueId: this.#unique++,
    });
    return place;
  }

  /** Empties a slot. */
  take(place: Slot): ItemStack | undefined {
    const stack = this.at(place);
    this.#slots.delete(`${place.bag}:${place.slot}`);
    return stack;
  }

  /** Exchanges two slots, or joins two stacks of one kind. */
  move(from: Slot, to: Slot): void {
    const [moved, other] = [this.take(from), this.take(to)];
    if (moved === undefined) return;
    if (other !== undefined && other.template === moved.template && other.template.maxStack > 1) {
      const fits = Math.min(moved.count, other.template.maxStack - other.count);
      other.count += fits;
      moved.count -= fits;
      this.#slots.set(`${to.bag}:${to.slot}`, other);
      if (moved.count > 0) this.#slots.set(`${from.bag}:${from.slot}`, moved);
      return;
    }
    this.#slots.set(`${to.bag}:${to.slot}`, moved);
    if (other !== undefined) this.#slots.set(`${from.bag}:${from.slot}`, other);
  }

  /** How many of a kind there are. */
  countOf(itemId: number): number {
    let count = 0;
    for (const stack of this.#slots.values()) if (stack.template.id === itemId) count += stack.count;
    return count;
  }

  freeSlots(bag: number): number {
    let free = 0;
    for (let slot = 1; slot <= this.size(bag); slot++) if (this.at({ bag, slot }) === undefined) free += 1;
    return free;
  }

  #firstFree(): Slot {
    for (let bag = 0; bag < BAG_COUNT; bag++) {
      for (let slot = 1; slot <= this.size(bag); slot++) {
        if (this.at({ bag, slot }) === undefined) return { bag, slot };
      }
    }
    throw new Error("the bags are full");
  }
}
