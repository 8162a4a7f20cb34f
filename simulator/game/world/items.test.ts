import { describe, expect, it } from "vitest";
import { listenTo, seenBy, useGames } from "../game-fixture.ts";

const game = useGames();
const EVENTS = ["MAIL_SEND_INFO_UPDATE", "MAIL_LOCK_SEND_ITEMS", "UI_ERROR_MESSAGE", "ITEM_LOCK_CHANGED", "BAG_UPDATE"];
const CLOTH = 33_470;

describe("bags", () => {
  it("tell size, stacks and links; nothing for an empty slot", async () => {
    const running = await game("");
    running.world.inventory.put(CLOTH, { count: 17 }, { bag: 0, slot: 3 });
    expect(
      running.evaluate("return GetContainerNumSlots(0), GetContainerNumSlots(4), GetContainerNumSlots(5)"),
    ).toEqual([16, 24, 0]);
    const [texture, count, locked, quality, , , link] = running.evaluate("return GetContainerItemInfo(0, 3)");
    expect([texture, count, locked, quality]).toEqual([expect.stringMatching(/^Interface/), 17, undefined, 1]);
    expect(link).toMatch(/^\|cffffffff\|Hitem:33470:0:0:0:0:0:0:\d+:80\|h\[Frostweave Cloth\]\|h\|r$/);
    expect(running.evaluate("return GetContainerItemID(0, 3), GetContainerItemInfo(0, 4)")).toEqual([CLOTH]);
    expect(running.evaluate("return GetItemCount(33470), GetContainerNumFreeSlots(0)")).toEqual([17, 15, 0]);
  });

  it("know an item by number, link and name once it is cached", async () => {
    const running = await game("");
    running.world.inventory.put(CLOTH, { count: 2 });
    running.world.inventory.put(36_908, { uncached: true });
    expect(running.evaluate("return GetItemInfo(33470)").slice(0, 4)).toEqual([
      "Frostweave Cloth",
      expect.stringContaining("item:33470"),
      1,
      80,
    ]);
    expect(
      running.evaluate("return (GetItemInfo(GetContainerItemLink(0, 1))), (GetItemInfo('Frostweave Cloth'))"),
    ).toEqual(["Frostweave Cloth", "Frostweave Cloth"]);
    expect(running.evaluate("return GetItemInfo(36908)")).toEqual([]);
    expect(running.evaluate("return (select(4, GetContainerItemInfo(0, 2)))")).toEqual([-1]);
    expect(running.evaluate("return pcall(GetItemInfo)")[0]).toBe(false);
  });

  it("are read through a tooltip, which is empty without an owner", async () => {
    const running = await game(
      `CreateFrame("GameTooltip", "Scan", nil, "GameTooltipTemplate")
       function scan(slot)
         Scan:SetOwner(UIParent, "ANCHOR_NONE")
         Scan:SetBagItem(0, slot)
         local out = {}
         for i = 1, Scan:NumLines() do out[i] = _G["ScanTextLeft" .. i]:GetText() end
         return table.concat(out, ";")
       end`,
    );
    const { inventory } = running.world;
    inventory.put(CLOTH, { soulbound: true });
    inventory.put(45_038);
    inventory.put(43_523);
    inventory.put(42_992, { soulbound: true });
    inventory.put(CLOTH, { durationMinutes: 30 });
    expect([1, 2, 3, 4, 5, 6].map((slot) => running.evaluate(`return scan(${slot})`)[0])).toEqual([
      "Frostweave Cloth;Soulbound",
      "Fragment of Val'anyr;Quest Item",
      "Conjured Mana Strudel;Conjured Item",
      "Discerning Eye of the Beast;Binds to account",
      "Frostweave Cloth;Duration: 30 min",
      "",
    ]);
    running.run('CreateFrame("GameTooltip", "Ownerless", nil, "GameTooltipTemplate"):SetBagItem(0, 1)');
    expect(running.evaluate("return Ownerless:NumLines(), (Scan:GetItem())")).toEqual([0, undefined]);
  });

  it("lock a stack on the cursor, and exchange and join stacks", async () => {
    const running = await game(listenTo(...EVENTS));
    const { inventory } = running.world;
    inventory.put(CLOTH, { count: 15 }, { bag: 0, slot: 1 });
    inventory.put(CLOTH, { count: 10 }, { bag: 0, slot: 2 });
    running.run("PickupContainerItem(0, 1)");
    expect(
      running.evaluate("return (select(3, GetContainerItemInfo(0, 1))), CursorHasItem(), (GetCursorInfo())"),
    ).toEqual([1, 1, "item"]);
    running.run("PickupContainerItem(0, 2)");
    running.advance(500);
    expect([inventory.at({ bag: 0, slot: 1 })?.count, inventory.at({ bag: 0, slot: 2 })?.count]).toEqual([5, 20]);
    expect(seenBy(running)).toEqual(["ITEM_LOCK_CHANGED,0,1", "ITEM_LOCK_CHANGED,0,1", "BAG_UPDATE,0"]);
    running.run("SplitContainerItem(0, 2, 3)");
    expect([inventory.at({ bag: 0, slot: 2 })?.count, inventory.at({ bag: 0, slot: 3 })?.count]).toEqual([17, 3]);
  });
});

describe("items of quests", () => {
  it("are told by the client itself: those of a quest, those that begin one, and neither", async () => {
    const running = await game("");
    for (const id of [45_912, 45_038, 44_259, CLOTH]) running.world.inventory.put(id);
    const told = (slot: number) => running.evaluate(`return GetContainerItemQuestInfo(0, ${slot})`);
    expect([1, 2, 3, 4].map((slot) => told(slot).slice(0, 2))).toEqual([
      [1, undefined],
      [1, undefined],
      [undefined, 13_372],
      [undefined, undefined],
    ]);
    expect(running.evaluate("return select('#', GetContainerItemQuestInfo(0, 9))")).toEqual([0]);
  });
});

describe("the time left of a stack", () => {
  it.each([
    [3 * 24 * 60, "Duration: 3 days", "Исчезнет через 3 д."],
    [90, "Duration: 1 hour", "Исчезнет через 1 ч."],
    [30, "Duration: 30 min", "Срок действия: 30 минут"],
    [0.5, "Duration: 30 sec", "Срок действия: 30 секунд"],
  ])("of %d minutes is told in its largest unit", async (durationMinutes, english, russian) => {
    for (const [locale, text] of [["enUS", english] as const, ["ruRU", russian] as const]) {
      const running = await game('CreateFrame("GameTooltip", "Scan", nil, "GameTooltipTemplate")', { locale });
      running.world.inventory.put(CLOTH, { durationMinutes });
      running.run('Scan:SetOwner(UIParent, "ANCHOR_NONE") Scan:SetBagItem(0, 1)');
      expect(running.evaluate("return ScanTextLeft2:GetText()")).toEqual([text]);
    }
  });
});

describe("attachments", () => {
  const attach = (slot: number) => `ClearCursor() PickupContainerItem(0, ${slot}) ClickSendMailItemButton()`;

  it("go with the mail, cost postage each, and leave the bags with the next update", async () => {
    const running = await game(listenTo(...EVENTS, "MAIL_SEND_SUCCESS"), { world: { characters: { Bob: {} } } });
    const { inventory } = running.world;
    inventory.put(CLOTH, { count: 20 });
    inventory.put(36_908, { count: 5 });
    running.openMailbox();
    running.run(`${attach(1)} ${attach(2)} price = GetSendMailPrice()`);
    expect(running.evaluate("return price, GetSendMailItem(2)")).toEqual([60, "Frost Lotus", expect.any(String), 5, 2]);
    expect(running.evaluate("return GetSendMailItem(3)")).toEqual([undefined, undefined, 0, 0]);
    expect(
      running.evaluate("return (select(3, GetContainerItemInfo(0, 1))), SendMailSubjectEditBox:GetText()"),
    ).toEqual([1, "Frostweave Cloth (20)"]);
    running.run(
      `local f = CreateFrame("Frame") f:RegisterEvent("MAIL_SEND_SUCCESS")
       f:SetScript("OnEvent", function() atSuccess = GetContainerItemLink(0, 1) end) SendMail("Bob", "gift", "")`,
    );
    running.advance(500);
    expect(running.player("Bob").mails[0]?.items).toEqual([
      { itemId: CLOTH, count: 20 },
      { itemId: 36_908, count: 5 },
    ]);
    expect(running.evaluate("return atSuccess ~= nil, GetContainerItemLink(0, 1), (GetSendMailItem(1))")).toEqual([
      true,
      undefined,
      undefined,
    ]);
    expect(seenBy(running).at(-1)).toBe("BAG_UPDATE,0");
  });

  it.each([
    [{ id: CLOTH, soulbound: true }, "You can't mail soulbound items."],
    [{ id: 45_038 }, "You can't mail quest items."],
    [{ id: 43_523 }, "You cannot mail conjured items"],
    [{ id: CLOTH, durationMinutes: 5 }, "You cannot mail items with a limited duration"],
  ])("are refused on the spot: %j", async ({ id, ...input }, text) => {
    const running = await game(listenTo("UI_ERROR_MESSAGE"));
    running.world.inventory.put(id, input);
    running.openMailbox();
    running.run(attach(1));
    expect(seenBy(running)).toEqual([`UI_ERROR_MESSAGE,${text}`]);
    expect(running.evaluate("return (GetSendMailItem(1)), (select(3, GetContainerItemInfo(0, 1)))")).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("that could be given back ask first", async () => {
    const running = await game(listenTo(...EVENTS));
    running.world.inventory.put(CLOTH, { refundable: true });
    running.openMailbox();
    running.run(attach(1));
    expect(seenBy(running).some((one) => one.startsWith("MAIL_LOCK_SEND_ITEMS,1,|cff"))).toBe(true);
    running.click("StaticPopup1Button2");
    expect(running.evaluate("return (GetSendMailItem(1))")).toEqual([undefined]);
    running.run(attach(1));
    running.click("StaticPopup1Button1");
    expect(running.evaluate("return (GetSendMailItem(1))")).toEqual(["Frostweave Cloth"]);
    expect(running.luaErrors).toEqual([]);
  });

  it("stay attached after a refusal, and are free again when the mailbox closes", async () => {
    const running = await game("");
    running.world.inventory.put(CLOTH);
    running.openMailbox();
    running.run(`${attach(1)} SendMail("Nobody", "x", "")`);
    running.advance(500);
    expect(running.evaluate("return (GetSendMailItem(1)), (select(3, GetContainerItemInfo(0, 1)))")).toEqual([
      "Frostweave Cloth",
      1,
    ]);
    running.closeMailbox();
    expect(running.evaluate("return (GetSendMailItem(1)), (select(3, GetContainerItemInfo(0, 1)))")).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("can be put in by using the item, which is forbidden anywhere else", async () => {
    const running = await game("");
    running.world.inventory.put(CLOTH);
    running.run("UseContainerItem(0, 1)");
    expect(running.records.forbidden).toEqual(["UseContainerItem"]);
    running.openMailbox();
    running.run("UseContainerItem(0, 1)");
    expect(running.evaluate("return (GetSendMailItem(1))")).toEqual(["Frostweave Cloth"]);
    running.click("MailFrameTab2");
    running.click("SendMailAttachment1", "RightButton");
    expect(running.evaluate("return (GetSendMailItem(1))")).toEqual([undefined]);
  });
});
