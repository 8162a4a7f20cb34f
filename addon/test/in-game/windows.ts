import { describe, expect, it } from "vitest";
import { idOf, type StartGame } from "../addon-game.ts";

const COMMANDS = [
  "MGM_DescribeGiftItem",
  "MGM_Hello",
  "MGM_RequestGiftConfirmation",
  "MGM_RequestGiftItems",
  "MGM_RunWhoForSpin",
  "MGM_SendGift",
  "MGM_UpdateStatus",
  "MGM_Withdraw",
  "NotifyWinnerWhisper",
  "ReceiveGold",
];

/** What the streamer sees, and what the addon leaves in the client. */
export function describeWindows(greeted: StartGame): void {
  describe("what the streamer sees", () => {
    it("is a panel that opens and shuts with the mailbox", async () => {
      const one = await greeted();
      one.game.openMailbox();
      expect(one.shows("No mail to send.")).toBe(true);
      one.game.closeMailbox();
      expect(one.shows("No mail to send.")).toBe(false);
    });

    it("is a panel anywhere by /mgm, which says that a mailbox is needed", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      one.game.command("/mgm");
      expect([one.shows("No mail to send."), one.shows("Open a mailbox")]).toEqual([true, true]);
      one.receiveGold([idOf(1), "Jaina"]);
      expect(one.shows("Open a mailbox")).toBe(true);
      expect(one.shows("1000 gold")).toBe(true);
      one.game.openMailbox();
      one.press("Prepare Mail");
      expect(one.shows("press Send")).toBe(true);
      one.game.closeMailbox();
      expect(one.shows("Open a mailbox")).toBe(true);
      one.game.command("/mgm");
      expect(one.shows("1000 gold")).toBe(false);
    });

    it("speaks Russian in a Russian client", async () => {
      const one = await greeted({ locale: "ruRU", world: { characters: { Гном: {} } } });
      one.game.command("/mgm");
      expect([one.shows("Отправлять нечего."), one.shows("Открой почтовый ящик")]).toEqual([true, true]);
      one.receiveGold([idOf(1), "Гном"]);
      expect([one.shows("Гном"), one.shows("1000 зол."), one.shows("Готово")]).toEqual([true, true, true]);
      one.game.openMailbox();
      one.press("Заполнить");
      expect(one.shows("Письмо заполнено.")).toBe(true);
      one.game.command("/mgm debug");
      expect(one.shows("Что произошло")).toBe(true);
      one.game.clickSend();
      one.wait(2);
      expect([one.shows("Отправлено: Гном."), one.shows("Отправлено")]).toEqual([true, true]);
    });

    it("says that the desktop was not heard of yet", async () => {
      const one = await greeted();
      one.game.run("MimironsGoldOMaticDB.key = nil");
      one.game.command("/mgm");
      expect(one.shows("No word from the desktop app")).toBe(true);
    });

    it("scrolls through more rows than there are lines", async () => {
      const one = await greeted();
      for (let number = 1; number <= 14; number++)
        one.receiveGold([idOf(number), `Winner${String.fromCharCode(96 + number)}`]);
      one.game.command("/mgm");
      expect([one.shows("Winnera"), one.shows("Winnern")]).toEqual([true, false]);
      one.game.evaluate(`
        local function scroll(frame)
          for _, child in ipairs({ frame:GetChildren() }) do
            local script = child:GetScript("OnMouseWheel")
            if script and child:IsVisible() then script(child, -1) script(child, -9) end
          end
        end
        scroll(UIParent)
      `);
      expect([one.shows("Winnera"), one.shows("Winnern")]).toEqual([false, true]);
      expect(one.shows("5–14 / 14")).toBe(true);
    });

    it("toasts what happened, one after the other, and fades", async () => {
      const one = await greeted({ world: { characters: { Jaina: {}, Thrall: {} } } });
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      const { bag, slot } = one.game.world.inventory.put(33470);
      one.type("MGM_RequestGiftConfirmation", [idOf(2), "Thrall", bag, slot, 33470, 1]);
      one.wait(4);
      one.game.player("Jaina").whisper("!twgold");
      one.game.player("Thrall").whisper("нет");
      one.wait(1);
      expect(one.shows("Jaina said yes.")).toBe(true);
      one.wait(5);
      expect(one.shows("Thrall does not want the gift.")).toBe(true);
      one.wait(6);
      expect(one.shows("Thrall does not want the gift.")).toBe(false);
      for (let number = 1; number < 9; number++) one.game.run(`MGM_UpdateStatus("1.${number}.0","0.1.0","newer")`);
      expect(one.shows("Version 1.1.0 of this addon is out.")).toBe(true);
      one.wait(5.2);
      expect(one.shows("Version 1.4.0 of this addon is out.")).toBe(true);
    });

    it.each([
      ["current", "up to date"],
      ["newer", "is out"],
      ["too_old", "too old"],
      ["unreachable", "could not find out"],
    ])("hears of updates: %s", async (code, text) => {
      const one = await greeted();
      one.game.command("/mgm update");
      one.wait(1.5);
      expect(one.tags().some((tag) => "name" in tag && tag.name === "UPDATE_CHECK")).toBe(true);
      one.wait(5);
      one.type("MGM_UpdateStatus", ["9.9.9", "0.1.0", code]);
      expect(one.shows(text)).toBe(true);
    });

    it("is a window that tells what happened, without the key", async () => {
      const one = await greeted();
      one.game.command("/mgm debug");
      expect(one.shows("log by system, flushed by toggle, key known")).toBe(true);
      expect(one.shows("-> HELLO")).toBe(true);
      for (let number = 1; number <= 220; number++) one.game.run(`MGM_RequestGiftItems("${idOf(number)}")`);
      expect(one.shows(idOf(220))).toBe(true);
      expect(one.shows("0123456789abcdef")).toBe(false);
      one.game.command("/mgm debug");
      expect(one.shows("What happened")).toBe(false);
    });

    it("is a button at the minimap that can be moved, and is still there after a /reload", async () => {
      const one = await greeted();
      const button = (script: string, ...args: string[]) =>
        one.game.evaluate(`
          for _, child in ipairs({ Minimap:GetChildren() }) do
            local script = child:GetScript("${script}")
            if script and child:GetScript("OnDragStart") then script(child, ${args.join(",") || "nil"}) end
          end
        `);
      button("OnEnter");
      expect(one.shows("Click: mail queue")).toBe(true);
      expect(one.shows("0 ready, 0 waiting")).toBe(true);
      button("OnLeave");
      button("OnClick", '"LeftButton"');
      expect(one.shows("No mail to send.")).toBe(true);
      button("OnClick", '"RightButton"');
      expect(one.shows("What happened")).toBe(true);
      one.game.run("GetCursorPosition = function() return 0, 0 end");
      button("OnDragStart");
      one.wait(0.2);
      button("OnDragStop");
      const [angle] = one.game.evaluate("return MimironsGoldOMaticDB.minimap");
      expect(angle).not.toBe(200);
      one.game.reload();
      expect(one.game.evaluate("return MimironsGoldOMaticDB.minimap")).toEqual([angle]);
    });

    it("explains the words that it knows", async () => {
      const one = await greeted();
      one.game.command("/mgm help");
      const texts = one.game.records.chatWindows.map(({ text }) => text);
      expect(texts.some((text) => text.includes("/mgm debug"))).toBe(true);
    });
  });

  describe("what the addon leaves in the client", () => {
    it("is no global but those that were agreed on", async () => {
      const one = await greeted();
      one.game.openMailbox();
      one.game.command("/mgm debug");
      one.type("MGM_RequestGiftItems", [idOf(1)]);
      const [names] = one.game.evaluate(`
        local names = {}
        for name in pairs(_G) do
          if type(name) == "string" and (name:find("^MGM_") or name:find("Mimiron") or name:find("^MGM") or name:find("MIMIRON")) then
            table.insert(names, name)
          end
        end
        table.insert(names, NotifyWinnerWhisper and "NotifyWinnerWhisper")
        table.insert(names, ReceiveGold and "ReceiveGold")
        table.sort(names)
        return table.concat(names, " ")
      `);
      expect(String(names).split(" ")).toEqual(
        [...COMMANDS, "MimironsGoldOMaticDB", "SLASH_MIMIRONSGOLDOMATIC1"].sort((a, b) => (a < b ? -1 : 1)),
      );
    });

    it("is nothing else that a client without it would not have", async () => {
      const bare = await greeted();
      const globals = (run: (source: string) => unknown[]) =>
        String(
          run(
            'local all = {} for name in pairs(_G) do table.insert(all, tostring(name)) end return table.concat(all, " ")',
          )[0],
        );
      const { game } = bare;
      const withAddon = new Set(globals((source) => game.evaluate(source)).split(" "));
      const { startGame } = await import("@mgm/simulator/game/game");
      const without = await startGame({ addons: [] });
      const before = new Set(globals((source) => without.evaluate(source)).split(" "));
      without.close();
      const added = [...withAddon].filter((name) => !before.has(name)).sort();
      expect(added).toEqual([...COMMANDS, "MimironsGoldOMaticDB", "SLASH_MIMIRONSGOLDOMATIC1"].sort());
    });
  });
}
