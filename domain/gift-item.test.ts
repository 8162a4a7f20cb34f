import { describe, expect, it } from "vitest";
import { type GiftItem, isSameItem, itemFaults, parseGiftItem } from "./gift-item.ts";

const ITEM: GiftItem = {
  name: "Frostweave Cloth",
  id: 33470,
  count: 20,
  link: "|cffffffff|Hitem:33470:0:0:0:0:0:0:0:80|h[Frostweave Cloth]|h|r",
  texture: "Interface\\Icons\\INV_Fabric",
  bagId: 0,
  slotId: 0,
};

describe("an item", () => {
  it.each<[string, Partial<GiftItem>]>([
    ["as the addon describes it", {}],
    ["a name with quotes, bars, brackets and Cyrillic", { name: `"Меч" ]|[ 'злости'` }],
    ["the longest name", { name: "ы".repeat(255) }],
    ["an empty link and texture", { link: "", texture: "" }],
    ["the last slot of the last bag", { bagId: 4, slotId: 36 }],
  ])("may be: %s", (_, change) => {
    expect(parseGiftItem({ ...ITEM, ...change })).toEqual({ ...ITEM, ...change });
  });

  it.each<[keyof GiftItem, unknown]>([
    ["name", ""],
    ["name", "ы".repeat(256)],
    ["name", 5],
    ["name", "half\uD83D"],
    ["link", null],
    ["link", "NUL\0"],
    ["texture", "\uDE00"],
    ["texture", undefined],
    ["id", 0],
    ["id", 1.5],
    ["id", "1"],
    ["id", 2 ** 53],
    ["count", 0],
    ["count", -1],
    ["bagId", -1],
    ["slotId", -1],
    ["slotId", null],
  ])("may not have %s: %j", (field, value) => {
    const faulty = { ...ITEM, [field]: value };
    expect(itemFaults(faulty)).toEqual([field]);
    expect(parseGiftItem(faulty)).toBeNull();
  });

  it("needs every field, and is nothing else than an object", () => {
    for (const field of Object.keys(ITEM) as (keyof GiftItem)[]) {
      const { [field]: _, ...rest } = ITEM;
      expect(itemFaults(rest)).toEqual([field]);
    }
    for (const value of [null, undefined, 1, "item", []]) expect(itemFaults(value)).toHaveLength(7);
  });

  it("is read without what does not belong to it", () => {
    expect(parseGiftItem({ ...ITEM, quality: 4 })).toEqual(ITEM);
  });

  it("is the same only when all of it is", () => {
    expect(isSameItem(ITEM, { ...ITEM })).toBe(true);
    for (const field of Object.keys(ITEM) as (keyof GiftItem)[]) {
      expect(isSameItem(ITEM, { ...ITEM, [field]: typeof ITEM[field] === "number" ? 99 : "other" })).toBe(false);
    }
  });
});
