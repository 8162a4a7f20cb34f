import { defineItem } from "@mgm/simulator/game/world/items";
import { describe, expect, it } from "vitest";
import { type AddonGame, idOf, type StartGame } from "../addon-game.ts";

const CLOTH = 33470;
const LOTUS = 36908;
const HEARTHSTONE = 6948;
const STRUDEL = 43523;
const FRAGMENT = 45038;
const TRINKET = 42992;
const RELIC = 45912;
const ORDERS = 44259;

function listed(one: AddonGame): unknown[] {
  return one.tags().flatMap((tag) => ("stacks" in tag ? [tag.stacks] : []));
}

/** Listing, describing and mailing gifts. */
export function describeGifts(greeted: StartGame): void {
  describe("gifts", () => {
    it.each(["enUS" as const, "ruRU" as const])("lists what can be mailed, and nothing else, %s", async (locale) => {
      const one = await greeted({ locale });
      const { inventory } = one.game.world;
      const cloth = inventory.put(CLOTH, { count: 20 });
      inventory.put(HEARTHSTONE);
      inventory.put(STRUDEL, { count: 5 });
      inventory.put(FRAGMENT);
      inventory.put(TRINKET);
      for (const durationMinutes of [0.5, 30, 90, 3 * 24 * 60]) inventory.put(LOTUS, { durationMinutes });
      inventory.put(LOTUS, { refundable: true });
      inventory.put(LOTUS, { soulbound: true });
      // Of what the client does not know yet nobody can tell whether it is bound.
      inventory.put(defineItem({ id: 900_002, name: "Unheard of" }).id, { uncached: true });
      const lotus = inventory.put(LOTUS, { count: 3 }, { bag: 4, slot: 20 });
      one.type("MGM_RequestGiftItems", [idOf(1)]);
      one.wait(2);
      expect(listed(one)).toEqual([
        [
          { ...cloth, itemId: CLOTH, count: 20 },
          { ...lotus, itemId: LOTUS, count: 3 },
        ],
      ]);
    });

    it("leaves out what the client calls a quest item though nothing binds it, and lists what only begins a quest", async () => {
      const one = await greeted();
      const { inventory } = one.game.world;
      inventory.put(RELIC, { count: 9 });
      const orders = inventory.put(ORDERS);
      one.type("MGM_RequestGiftItems", [idOf(1)]);
      one.wait(2);
      expect(listed(one)).toEqual([[{ ...orders, itemId: ORDERS, count: 1 }]]);
    });

    it("lists empty bags as nothing, and leaves out what is in use", async () => {
      const one = await greeted();
      one.type("MGM_RequestGiftItems", [idOf(1)]);
      const { bag, slot } = one.game.world.inventory.put(CLOTH, { count: 20 });
      one.game.run(`PickupContainerItem(${bag}, ${slot})`);
      one.type("MGM_RequestGiftItems", [idOf(2)]);
      one.wait(2);
      expect(listed(one)).toEqual([[], []]);
    });

    it("describes the stack, or says that it is gone", async () => {
      const one = await greeted();
      const { bag, slot } = one.game.world.inventory.put(CLOTH, { count: 20 });
      one.type("MGM_DescribeGiftItem", [idOf(1), bag, slot, CLOTH, 20]);
      one.type("MGM_DescribeGiftItem", [idOf(2), bag, slot, CLOTH, 19]);
      one.type("MGM_DescribeGiftItem", [idOf(3), bag, slot, LOTUS, 20]);
      one.wait(2);
      const items = one.tags().flatMap((tag) => ("item" in tag ? [tag.item] : []));
      expect(items).toEqual([
        expect.objectContaining({ name: "Frostweave Cloth", id: CLOTH, count: 20, bagId: bag, slotId: slot }),
      ]);
      expect(items[0]?.link).toMatch(/^\|cffffffff\|Hitem:33470:.*\|h\[Frostweave Cloth\]\|h\|r$/);
      expect(one.events()).toEqual(["ITEM 1", "FAILED 2", "FAILED 3"]);
    });

    it("mails the stack, and says that it was sent", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      const { bag, slot } = one.game.world.inventory.put(CLOTH, { count: 20 });
      for (let repeat = 0; repeat < 3; repeat++) one.type("MGM_SendGift", [idOf(1), "Jaina", bag, slot, CLOTH, 20]);
      expect(one.send()).toBe(true);
      one.wait(3);
      expect(one.events()).toEqual(["SENDING 1", "GIFT_SENT 1"]);
      expect(one.game.player("Jaina").mails.map(({ items, copper, subject }) => [items, copper, subject])).toEqual([
        [[{ itemId: CLOTH, count: 20 }], 0, "Mimiron's Gold-o-Matic"],
      ]);
      one.type("MGM_SendGift", [idOf(1), "Jaina", bag, slot, CLOTH, 20]);
      expect(one.send()).toBe(false);
    });

    it("does not mail another stack in its place", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      const { inventory } = one.game.world;
      const place = inventory.put(CLOTH, { count: 20 });
      one.type("MGM_SendGift", [idOf(1), "Jaina", place.bag, place.slot, CLOTH, 20]);
      inventory.take(place);
      inventory.put(LOTUS, { count: 20 }, place);
      expect(one.send()).toBe(false);
      one.wait(2);
      expect(one.events()).toEqual(["FAILED 1"]);
      expect(one.game.evaluate("return #MimironsGoldOMaticDB.mail.rows")).toEqual([0]);
      expect(one.shows("no longer in its slot")).toBe(true);
    });

    it("waits while the stack is in use, and counts no mail with other things in it", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      const { inventory } = one.game.world;
      const place = inventory.put(CLOTH, { count: 20 });
      const other = inventory.put(LOTUS, { count: 1 });
      one.type("MGM_SendGift", [idOf(1), "Jaina", place.bag, place.slot, CLOTH, 20]);
      one.game.openMailbox();
      one.game.run(`PickupContainerItem(${place.bag}, ${place.slot})`);
      one.press("Prepare Mail");
      expect(one.shows("in use")).toBe(true);
      one.game.run("ClearCursor()");
      expect(one.prepare()).toBe(true);
      one.game.run(`PickupContainerItem(${other.bag}, ${other.slot}) ClickSendMailItemButton(2)`);
      one.game.clickSend();
      one.wait(3);
      expect(one.events()).toEqual([]);
      expect(one.game.player("Jaina").mails.map(({ items }) => items.length)).toEqual([2]);
    });

    it("does not count another stack of the same look that was put in its place", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      const { inventory } = one.game.world;
      const chosen = inventory.put(CLOTH, { count: 20 });
      const twin = inventory.put(CLOTH, { count: 20 });
      one.type("MGM_SendGift", [idOf(1), "Jaina", chosen.bag, chosen.slot, CLOTH, 20]);
      expect(one.prepare()).toBe(true);
      one.game.run(`ClickSendMailItemButton(1, true) ClearCursor()
        PickupContainerItem(${twin.bag}, ${twin.slot}) ClickSendMailItemButton(1)`);
      one.game.clickSend();
      one.wait(12);
      expect(one.events()).toEqual([]);
      expect(one.game.player("Jaina").mails).toHaveLength(1);
      expect(inventory.at(chosen)?.count).toBe(20);
    });

    it("does not count another item of the same name", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      const { inventory } = one.game.world;
      const chosen = inventory.put(CLOTH, { count: 2 });
      const fake = defineItem({ id: 900_001, name: "Frostweave Cloth", maxStack: 20 });
      const twin = inventory.put(fake.id, { count: 2 });
      one.type("MGM_SendGift", [idOf(1), "Jaina", chosen.bag, chosen.slot, CLOTH, 2]);
      expect(one.prepare()).toBe(true);
      one.game.run(`ClickSendMailItemButton(1, true) ClearCursor()
        PickupContainerItem(${twin.bag}, ${twin.slot}) ClickSendMailItemButton(1)`);
      one.game.clickSend();
      one.wait(12);
      expect(one.events()).toEqual([]);
    });

    it("says FAILED, and forgets the row, when the stack leaves while its mail is held back", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      const { inventory } = one.game.world;
      const place = inventory.put(CLOTH, { count: 20 });
      one.type("MGM_SendGift", [idOf(1), "Jaina", place.bag, place.slot, CLOTH, 20]);
      one.prepare();
      // The log was flushed a moment ago, so SENDING is held back; meanwhile the stack leaves.
      one.game.run(`ReceiveGold("${idOf(2)}:Thrall:5",1)`);
      one.game.run("SendMailFrame_SendMail()");
      inventory.take(place);
      one.wait(3);
      expect(one.events()).toEqual(["SENDING 1", "FAILED 1"]);
      expect(one.game.evaluate("return #MimironsGoldOMaticDB.mail.rows")).toEqual([1]);
      expect(one.game.player("Jaina").mails).toEqual([]);
    });

    it("is not sent because the purse lost its postage for something else, at once or an hour later", async () => {
      for (const seconds of [0, 3_600]) {
        const one = await greeted({ world: { characters: { Jaina: {} } } });
        const { inventory } = one.game.world;
        const { bag, slot } = inventory.put(CLOTH, { count: 20 });
        one.game.world.mail.addFault({ kind: "failed" });
        one.type("MGM_SendGift", [idOf(1), "Jaina", bag, slot, CLOTH, 20]);
        one.send();
        one.game.framesPerSecond = 10;
        one.wait(12 + seconds);
        one.game.world.changeMoney(-30);
        one.wait(15);
        expect(one.events()).toEqual(["SENDING 1", "FAILED 1"]);
      }
    });

    it("says when the item cannot be put into the mail", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      const { bag, slot } = one.game.world.inventory.put(HEARTHSTONE);
      one.type("MGM_SendGift", [idOf(1), "Jaina", bag, slot, HEARTHSTONE, 1]);
      one.prepare();
      expect(one.shows("could not be put")).toBe(true);
    });

    it("resolves a silent gift mail by its postage", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      const { bag, slot } = one.game.world.inventory.put(CLOTH, { count: 20 });
      one.game.world.mail.addFault({ kind: "silent" });
      one.type("MGM_SendGift", [idOf(1), "Jaina", bag, slot, CLOTH, 20]);
      one.send();
      one.wait(12);
      expect(one.events()).toEqual(["SENDING 1", "GIFT_SENT 1"]);
      // What the form still held of it does not go into the next mail.
      one.receiveGold([idOf(2), "Jaina"]);
      one.send();
      one.wait(3);
      expect(one.events().slice(2)).toEqual(["SENDING 2", "CONFIRM 2"]);
    });
  });
}
