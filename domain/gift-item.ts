/** A stack in the streamer's bags, as the addon describes it. */
export interface GiftItem {
  readonly name: string;
  /** Item id; above 0. */
  readonly id: number;
  /** Above 0. */
  readonly count: number;
  readonly link: string;
  readonly texture: string;
  /** From 0: the backpack. */
  readonly bagId: number;
  /** From 0. */
  readonly slotId: number;
}

/** Longest name of an item, in UTF-16 units. */
const NAME_LIMIT = 255;

// What no database takes: NUL, and halves of characters.
const UNWRITABLE = /[\0\p{Surrogate}]/u;

/** Which fields of a value are not as an item's must be; empty when it is one. */
export function itemFaults(value: unknown): (keyof GiftItem)[] {
  const fields = (typeof value === "object" && value !== null ? value : {}) as Record<keyof GiftItem, unknown>;
  const checks: Record<keyof GiftItem, boolean> = {
    name: isText(fields.name) && fields.name.length >= 1 && fields.name.length <= NAME_LIMIT,
    id: isWhole(fields.id, 1),
    count: isWhole(fields.count, 1),
    link: isText(fields.link),
    texture: isText(fields.texture),
    bagId: isWhole(fields.bagId, 0),
    slotId: isWhole(fields.slotId, 0),
  };
  return (Object.keys(checks) as (keyof GiftItem)[]).filter((field) => !checks[field]);
}

/** An item without whatever else the value holds; null when it is none. */
export function parseGiftItem(value: unknown): GiftItem | null {
  if (itemFaults(value).length > 0) return null;
  const { name, id, count, link, texture, bagId, slotId } = value as GiftItem;
  return { name, id, count, link, texture, bagId, slotId };
}

/** Whether two items are the same stack, told in the same words. */
export function isSameItem(one: GiftItem, other: GiftItem): boolean {
  return (Object.keys(one) as (keyof GiftItem)[]).every((field) => one[field] === other[field]);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && !UNWRITABLE.test(value);
}

function isWhole(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least;
}
