import type { MailFault } from "@mgm/simulator/game/world/mail-server";
import { describe, expect, it } from "vitest";
import { type AddonGame, GOLD_COPPER, idOf, type StartGame } from "../addon-game.ts";

const WORLD = { world: { characters: { Jaina: {}, Thrall: {} } } };

function statusOf(one: AddonGame, place = 1): unknown {
  const [status] = one.game.evaluate(
    `local row = MimironsGoldOMaticDB.mail.rows[${place}] return row and row.status or "none"`,
  );
  return status;
}

function mailsTo(one: AddonGame, name = "Jaina"): number {
  return one.game.player(name).mails.length;
}

/** The mail queue against the client's mail. */
export function describeMail(greeted: StartGame): void {
  const queued: StartGame = async (options = WORLD) => {
    const one = await greeted(options);
    one.receiveGold([idOf(1), "Jaina"]);
    return one;
  };

  describe("the mail queue", () => {
    it("queues an id once, however often it is injected", async () => {
      const one = await greeted(WORLD);
      for (let repeat = 0; repeat < 10; repeat++) one.receiveGold([idOf(1), "Jaina"], [idOf(2), "Thrall"]);
      expect(one.game.evaluate("return #MimironsGoldOMaticDB.mail.rows")).toEqual([2]);
      one.send();
      one.wait(3);
      one.receiveGold([idOf(1), "Jaina"]);
      one.send();
      one.wait(3);
      expect(one.send()).toBe(false);
      expect([mailsTo(one), mailsTo(one, "Thrall")]).toEqual([1, 1]);
      expect(one.events()).toEqual(["SENDING 1", "CONFIRM 1", "SENDING 2", "CONFIRM 2"]);
    });

    it("never mails what was withdrawn, and empties its form", async () => {
      const one = await queued();
      one.prepare();
      one.type("MGM_Withdraw", [idOf(1)]);
      expect(one.game.clickSend()).toBe(false);
      expect(one.send()).toBe(false);
      expect(mailsTo(one)).toBe(0);
      one.receiveGold([idOf(1), "Jaina"]);
      one.send();
      one.wait(3);
      expect(mailsTo(one)).toBe(1);
    });

    it("lets a mail in the air land though its row was withdrawn", async () => {
      const one = await queued();
      one.game.world.mail.addFault({ kind: "late", delayMs: 3_000 });
      one.send();
      one.wait(1);
      one.type("MGM_Withdraw", [idOf(1)]);
      one.wait(5);
      expect(one.events()).toEqual(["SENDING 1", "CONFIRM 1"]);
    });

    it("drops a withdrawn row when its mail fails", async () => {
      const one = await queued();
      one.game.world.mail.addFault({ kind: "failed" });
      one.send();
      one.wait(1);
      one.type("MGM_Withdraw", [idOf(1)]);
      expect(statusOf(one)).toBe("PROCESSING");
      one.wait(12);
      expect(one.events()).toEqual(["SENDING 1", "FAILED 1"]);
      expect(statusOf(one)).toBe("none");
    });

    it("calls back a withdrawn mail that was not sent yet", async () => {
      const one = await queued();
      one.prepare();
      // A command just before: the log may not be flushed again for a second, so the mail has to wait.
      one.game.run(`ReceiveGold("${idOf(2)}:Thrall:5",1)`);
      one.game.run("SetSendMailMoney(10000000) SendMailFrame_SendMail()");
      one.game.run(`MGM_Withdraw("${idOf(1)}",2)`);
      one.wait(5);
      expect(mailsTo(one)).toBe(0);
      expect(one.events()).toEqual(["SENDING 1", "FAILED 1"]);
    });

    it("sends the row that was chosen", async () => {
      const one = await queued();
      one.receiveGold([idOf(2), "Thrall"]);
      one.game.openMailbox();
      one.game.evaluate(`
        local function find(frame)
          for _, child in ipairs({ frame:GetChildren() }) do
            if child.name and child.name.GetText and child.name:GetText() == "Thrall" then return child end
            local found = find(child)
            if found then return found end
          end
        end
        local line = find(UIParent)
        line:GetScript("OnEnter")(line)
        line:GetScript("OnLeave")(line)
        line:Click("LeftButton")
      `);
      one.send();
      one.wait(3);
      expect([mailsTo(one), mailsTo(one, "Thrall")]).toEqual([0, 1]);
    });

    it("leaves the keyboard to the desktop, before and after the mail", async () => {
      const one = await queued();
      one.receiveGold([idOf(2), "Thrall"]);
      one.prepare();
      expect(one.game.keyboard.focus).toBeUndefined();
      one.game.clickSend();
      one.wait(2);
      expect(one.game.keyboard.focus).toBeUndefined();
      const number = one.receiveGold([idOf(3), "Thrall"]);
      one.wait(2);
      expect(one.acks()).toContain(number);
    });
  });

  describe("the truth about a mail", () => {
    const cases: readonly [
      title: string,
      fault: MailFault,
      waitSeconds: number,
      events: readonly string[],
      status: string,
    ][] = [
      ["an answer before the money", { kind: "late_money", delayMs: 5_000 }, 2, ["CONFIRM 1"], "SENT"],
      ["a late answer", { kind: "late", delayMs: 4_000 }, 6, ["CONFIRM 1"], "SENT"],
      ["an answer later than ten seconds", { kind: "late", delayMs: 15_000 }, 11, ["CONFIRM 1"], "SENT"],
      ["no answer, but the money gone", { kind: "silent" }, 11, ["CONFIRM 1"], "SENT"],
      ["no answer and no change", { kind: "lost" }, 15, [], "UNKNOWN"],
      ["MAIL_FAILED", { kind: "failed" }, 12, ["FAILED 1"], "READY"],
      ["a late MAIL_FAILED", { kind: "failed", delayMs: 5_000 }, 17, ["FAILED 1"], "READY"],
      ["a doubled answer", { kind: "answered_twice" }, 5, ["CONFIRM 1"], "SENT"],
    ];
    it.each(cases)("%s", async (_title, fault, waitSeconds, events, status) => {
      const one = await queued();
      one.game.world.mail.addFault(fault);
      expect(one.send()).toBe(true);
      one.wait(waitSeconds);
      expect(one.events()).toEqual(["SENDING 1", ...events]);
      expect(statusOf(one)).toBe(status);
    });

    it.each(["MAIL_FAILED", "MAIL_SUCCESS"])("%s of another mail command decides nothing", async (event) => {
      for (const fault of ["late", "lost"] as const) {
        const one = await queued();
        one.game.world.mail.addFault(fault === "late" ? { kind: "late", delayMs: 8_000 } : { kind: "lost" });
        one.send();
        one.wait(1);
        one.game.world.mail.answerOther(event === "MAIL_FAILED" ? "ERR_MAIL_DATABASE_ERROR" : undefined);
        one.wait(2);
        expect(one.events()).toEqual(["SENDING 1"]);
        expect(statusOf(one)).toBe("PROCESSING");
        one.wait(12);
        const isLate = fault === "late";
        expect(one.events().includes("CONFIRM 1")).toBe(isLate);
        expect(mailsTo(one)).toBe(isLate ? 1 : 0);
      }
    });

    it.each([
      ["after MAIL_FAILED", { kind: "failed" as const }, [0.5, 5, 12]],
      ["without an answer", { kind: "lost" as const }, [1, 5, 12]],
      ["while the answer is late", { kind: "late" as const, delayMs: 15_000 }, [1, 5, 12]],
    ])("Send pressed again %s sends nothing by hand", async (_title, fault, moments) => {
      const one = await queued();
      one.game.world.mail.addFault(fault);
      one.send();
      const before = one.game.clock.nowMs;
      for (const seconds of moments) {
        one.wait(seconds - (one.game.clock.nowMs - before) / 1_000 + 0.4);
        one.game.run("SetSendMailMoney(10000000) SendMailFrame_SendMail()");
        one.game.clickSend();
      }
      one.wait(15);
      expect(mailsTo(one)).toBe(fault.kind === "late" ? 1 : 0);
    });

    it("SENDING is on the disk before the mail leaves", async () => {
      const one = await queued();
      one.game.run("local before = SendMail");
      one.prepare();
      const { mail } = one.game.world;
      const receive = mail.receive.bind(mail);
      let onDisk: string[] = [];
      mail.receive = (request) => {
        onDisk = one.events();
        receive(request);
      };
      one.game.clickSend();
      one.wait(2);
      expect(onDisk).toEqual(["SENDING 1"]);
    });

    it("a mail too far from the box is unclear, and never sent again by itself", async () => {
      const one = await queued();
      one.prepare();
      one.game.world.mail.isNear = false;
      one.game.clickSend();
      one.wait(30);
      one.game.world.mail.isNear = true;
      one.receiveGold([idOf(1), "Jaina"]);
      expect(one.send()).toBe(false);
      expect(one.events()).toEqual(["SENDING 1"]);
      one.type("MGM_Withdraw", [idOf(1)]);
      one.receiveGold([idOf(1), "Jaina"]);
      one.wait(3);
      expect(one.send()).toBe(true);
      one.wait(12);
      expect(mailsTo(one)).toBe(1);
      expect(one.events()).toEqual(["SENDING 1", "SENDING 1", "CONFIRM 1"]);
    });

    it.each([31, 3_600])(
      "a success or an exact loss %i s after an unclear mail says nothing about it",
      async (seconds) => {
        for (const tell of [
          (one: AddonGame) => one.game.world.changeMoney(-(GOLD_COPPER + 30)),
          (one: AddonGame) => one.game.world.toClient((link) => link.mailResult(undefined)),
        ]) {
          const one = await queued();
          one.game.world.mail.addFault({ kind: "lost" });
          one.send();
          one.game.framesPerSecond = 10;
          one.wait(seconds);
          tell(one);
          one.wait(12);
          expect(one.events()).toEqual(["SENDING 1"]);
          expect(statusOf(one)).toBe("UNKNOWN");
        }
      },
    );

    it("a late success is told though the row was withdrawn, and the id is not mailed again", async () => {
      const one = await queued();
      one.game.world.mail.addFault({ kind: "failed" });
      one.send();
      one.wait(1);
      one.type("MGM_Withdraw", [idOf(1)]);
      one.wait(12);
      expect(one.events()).toEqual(["SENDING 1", "FAILED 1"]);
      one.game.world.toClient((link) => link.mailResult(undefined));
      one.wait(2);
      expect(one.events()).toEqual(["SENDING 1", "FAILED 1", "CONFIRM 1"]);
      one.receiveGold([idOf(1), "Jaina"]);
      one.wait(30);
      expect(one.send()).toBe(false);
      expect(mailsTo(one)).toBe(0);
    });

    it("an answer that comes after a /reload is heard, also when MAIL_FAILED came before", async () => {
      const one = await queued();
      one.game.world.mail.addFault({ kind: "failed" });
      one.send();
      one.wait(1);
      one.game.reload();
      one.wait(3);
      one.game.world.toClient((link) => link.mailResult(undefined));
      one.wait(2);
      expect(one.events()).toEqual(["SENDING 1", "CONFIRM 1"]);
      one.hello();
      one.receiveGold([idOf(1), "Jaina"]);
      one.wait(30);
      expect(one.send()).toBe(false);
    });

    it("a failure that is told after a /reload leaves the row waiting, and asks for a hello", async () => {
      const one = await queued();
      one.game.world.mail.addFault({ kind: "failed" });
      one.send();
      one.wait(1);
      one.game.reload();
      one.wait(3);
      expect(one.events()).toEqual(["SENDING 1"]);
      const readies = () => one.tags().filter((tag) => "name" in tag && tag.name === "READY").length;
      const before = readies();
      one.wait(12);
      expect(one.events()).toEqual(["SENDING 1", "FAILED 1"]);
      expect(readies()).toBe(before + 1);
      expect(statusOf(one)).toBe("WAITING");
      expect(one.send()).toBe(false);
      one.receiveGold([idOf(1), "Jaina"]);
      one.wait(20);
      expect(one.send()).toBe(true);
      one.wait(3);
      expect(mailsTo(one)).toBe(1);
    });

    it("a FAILED that is older than a crash is not repeated over a newer SENDING", async () => {
      const one = await queued();
      // Called back by the /reload, which saves FAILED; then sent, and the client dies.
      one.prepare();
      one.game.clickSend();
      one.game.reload();
      one.wait(2);
      one.hello();
      one.receiveGold([idOf(1), "Jaina"]);
      one.game.world.mail.addFault({ kind: "crash", when: "answered" });
      one.send();
      one.wait(2);
      expect([one.game.screen, mailsTo(one)]).toEqual(["closed", 1]);
      one.game.login();
      one.wait(2);
      one.hello();
      one.wait(12);
      one.hello();
      one.wait(5);
      expect(one.events().slice(0, 2)).toEqual(["SENDING 1", "FAILED 1"]);
      expect(one.events().lastIndexOf("FAILED 1")).toBeLessThan(one.events().lastIndexOf("SENDING 1"));
    });

    it("a mail that was in the air before a crash is not confirmed by the money of a later one", async () => {
      const one = await queued();
      one.game.world.mail.addFault({ kind: "lost" }, { kind: "crash", when: "answered" });
      one.send();
      one.wait(3);
      one.game.reload();
      one.hello();
      one.receiveGold([idOf(2), "Thrall"]);
      one.wait(40);
      one.send();
      one.wait(3);
      expect([one.game.screen, mailsTo(one, "Thrall")]).toEqual(["closed", 1]);
      one.game.login();
      one.hello();
      one.wait(15);
      expect(one.events().filter((event) => event === "CONFIRM 1")).toEqual([]);
      expect(statusOf(one)).toBe("UNKNOWN");
    });

    it("a mail that was announced only says FAILED before BYE", async () => {
      for (const leave of ["reload", "logout"] as const) {
        const one = await queued();
        one.prepare();
        one.game.clickSend();
        one.game[leave]();
        const names = one.tags().flatMap((tag) => ("name" in tag ? [tag.name] : []));
        expect(names.slice(-3)).toEqual(["SENDING", "FAILED", "BYE"]);
        expect(mailsTo(one)).toBe(0);
      }
    });

    it("a character of the same name on another realm is not the one whose purse tells", async () => {
      const one = await queued();
      one.game.world.mail.addFault({ kind: "lost" });
      one.send();
      one.wait(1);
      one.game.logout();
      const saved = one.game.savedVariables.read("MimironsGoldOMatic") ?? "";
      expect(saved).toContain("Norinn-Icecrown");
      one.game.savedVariables.write("MimironsGoldOMatic", saved.replaceAll("Norinn-Icecrown", "Norinn-Lordaeron"));
      one.game.world.changeMoney(-(GOLD_COPPER + 30));
      one.game.login();
      one.wait(12);
      expect(one.events().filter((event) => event.startsWith("CONFIRM"))).toEqual([]);
      expect(statusOf(one)).toBe("UNKNOWN");
    });

    it("the winner hears of it when he comes online, within an hour", async () => {
      const one = await queued();
      one.game.player("Jaina").goOffline();
      one.send();
      one.wait(100);
      expect(one.game.player("Jaina").whispers).toEqual([]);
      one.game.player("Jaina").goOnline();
      one.wait(62);
      one.wait(120);
      expect(one.game.player("Jaina").whispers.map(({ text }) => text)).toEqual([
        "Награда отправлена тебе на почту, проверяй ящик!",
      ]);
    });

    it("after a failed mail the next one waits for its late answer, and is then sent without a doubt", async () => {
      const one = await queued();
      one.receiveGold([idOf(2), "Thrall"]);
      one.game.world.mail.addFault({ kind: "failed" });
      one.send();
      one.wait(12);
      expect(one.events()).toEqual(["SENDING 1", "FAILED 1"]);
      one.type("MGM_Withdraw", [idOf(1)]);
      expect(one.prepare()).toBe(true);
      expect(one.game.evaluate("return SendMailNameEditBox:GetText()")).toEqual([""]);
      one.wait(20);
      one.send();
      one.wait(3);
      expect(one.events()).toEqual(["SENDING 1", "FAILED 1", "SENDING 2", "CONFIRM 2"]);
    });

    it("a settled question is not asked again after the next hello", async () => {
      const one = await queued();
      one.game.world.mail.addFault({ kind: "lost" });
      one.send();
      one.wait(12);
      one.hello();
      one.wait(3);
      expect(one.events()).toEqual(["SENDING 1", "SENDING 1"]);
      one.type("MGM_Withdraw", [idOf(1)]);
      one.hello();
      one.wait(3);
      expect(one.events()).toEqual(["SENDING 1", "SENDING 1"]);
    });

    it("the next mail waits for the money of the last, and is not confirmed by its repeated answer", async () => {
      const one = await queued();
      one.receiveGold([idOf(2), "Thrall"]);
      one.game.world.mail.addFault({ kind: "answered_twice" }, { kind: "lost" });
      one.send();
      one.wait(1);
      one.send();
      one.wait(15);
      expect(one.events()).toEqual(["SENDING 1", "CONFIRM 1", "SENDING 2"]);
      expect(mailsTo(one, "Thrall")).toBe(0);
    });

    it("the late money of the last mail does not confirm the next", async () => {
      const one = await queued();
      one.receiveGold([idOf(2), "Thrall"]);
      one.game.world.mail.addFault({ kind: "late_money", delayMs: 14_000 }, { kind: "lost" });
      one.send();
      one.wait(11);
      one.prepare();
      one.game.clickSend();
      one.wait(25);
      expect(one.events()).toEqual(["SENDING 1", "CONFIRM 1", "SENDING 2"]);
    });

    it("the very late answer to the last mail does not confirm the next", async () => {
      const one = await queued();
      one.receiveGold([idOf(2), "Thrall"]);
      one.game.world.mail.addFault({ kind: "late", delayMs: 13_000 }, { kind: "lost" });
      one.send();
      one.wait(11);
      one.send();
      one.wait(15);
      expect(one.events()).toEqual(["SENDING 1", "CONFIRM 1", "SENDING 2"]);
    });
  });

  describe("mail by hand", () => {
    const sendByHand = (one: AddonGame, name: string, copper: number) => {
      one.game.openMailbox();
      one.game.run("MailFrameTab_OnClick(nil, 2)");
      one.game.run(`SendMailNameEditBox:SetText("${name}") SendMailSubjectEditBox:SetText("x")`);
      one.game.run(`MoneyInputFrame_SetCopper(SendMailMoney, ${copper})`);
      one.wait(0.2);
      one.game.clickSend();
      one.wait(2);
    };

    it.each([
      ["the winner, without Prepare Mail", "Jaina", GOLD_COPPER],
      ["the winner, another sum", "Jaina", 5],
      ["somebody else, the same sum", "Thrall", GOLD_COPPER],
    ])("to %s confirms nothing", async (_title, name, copper) => {
      const one = await queued();
      sendByHand(one, name, copper);
      one.wait(12);
      expect(one.events()).toEqual([]);
      expect(statusOf(one)).toBe("READY");
      expect(mailsTo(one, name)).toBe(1);
    });

    it.each([
      ["another sum", "MoneyInputFrame_SetCopper(SendMailMoney, 777)"],
      ["another name", 'SendMailNameEditBox:SetText("Thrall")'],
      ["cash on delivery", "SendMailRadioButton_OnClick(2)"],
    ])("made out of a prepared one, %s, confirms nothing and takes the arm off", async (_title, change) => {
      const one = await queued();
      one.game.world.inventory.put(33470, { count: 2 });
      one.prepare();
      one.game.run(change);
      one.wait(0.2);
      one.game.clickSend();
      one.wait(12);
      expect(one.events()).toEqual([]);
      expect(statusOf(one)).toBe("READY");
      one.send();
      one.wait(5);
      expect(one.events()).toEqual(["SENDING 1", "CONFIRM 1"]);
    });

    it("without an answer makes the next one wait, and does not confirm it", async () => {
      const one = await queued();
      one.game.world.mail.addFault({ kind: "late", delayMs: 6_000 }, { kind: "lost" });
      sendByHand(one, "Thrall", GOLD_COPPER);
      expect(one.prepare()).toBe(true);
      expect(one.shows("still on its way")).toBe(true);
      one.wait(5);
      one.send();
      one.wait(20);
      expect(one.events()).toEqual(["SENDING 1"]);
      expect(statusOf(one)).toBe("UNKNOWN");
    });

    it("whose answer is late is not given up because taking something out of the inbox failed", async () => {
      const one = await queued();
      one.game.world.mail.addFault({ kind: "late", delayMs: 14_000 }, { kind: "lost" });
      sendByHand(one, "Thrall", 777);
      one.game.world.mail.answerOther("ERR_MAIL_DATABASE_ERROR");
      one.wait(9);
      one.send();
      one.wait(40);
      expect(one.events().filter((event) => event.startsWith("CONFIRM"))).toEqual([]);
      expect(mailsTo(one)).toBe(0);
    });

    it("while ours is in the air makes ours prove itself by its money", async () => {
      const one = await queued();
      one.game.world.mail.addFault({ kind: "lost" });
      one.send();
      one.wait(1);
      one.game.run('SetSendMailMoney(5) SendMail("Thrall", "x", "")');
      one.wait(12);
      expect(one.events()).toEqual(["SENDING 1"]);
      expect(statusOf(one)).toBe("UNKNOWN");
    });
  });

  describe("Prepare Mail", () => {
    it("wants a mailbox, a ready row, money, and no mail in the air", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} }, copper: GOLD_COPPER + 29 } });
      one.game.command("/mgm");
      expect(one.press("Prepare Mail")).toBe(false);
      one.game.openMailbox();
      expect(one.press("Prepare Mail")).toBe(false);
      one.receiveGold([idOf(1), "Jaina"], [idOf(2), "Jaina", 5]);
      expect(one.prepare()).toBe(true);
      expect(one.shows("Not enough money")).toBe(true);
      one.game.run(`MGM_Withdraw("${idOf(1)}")`);
      one.game.world.mail.addFault({ kind: "late", delayMs: 5_000 });
      one.receiveGold([idOf(3), "Jaina", 6]);
      expect(one.send()).toBe(true);
      expect(one.press("Prepare Mail")).toBe(false);
      one.wait(6);
      expect(one.press("Prepare Mail")).toBe(true);
    });

    it("takes other things out of the form first", async () => {
      const one = await queued();
      const { bag, slot } = one.game.world.inventory.put(33470, { count: 3 });
      one.game.openMailbox();
      one.game.run(`MailFrameTab_OnClick(nil, 2) PickupContainerItem(${bag}, ${slot}) ClickSendMailItemButton(1)`);
      one.send();
      one.wait(3);
      expect(one.game.player("Jaina").mails.map(({ items, copper }) => [items.length, copper])).toEqual([
        [0, GOLD_COPPER],
      ]);
    });

    it("is undone by closing the mailbox", async () => {
      const one = await queued();
      one.prepare();
      one.game.closeMailbox();
      one.game.openMailbox();
      one.game.run("MailFrameTab_OnClick(nil, 2)");
      expect(one.game.clickSend()).toBe(false);
      expect(one.send()).toBe(true);
      one.wait(3);
      expect(one.events()).toEqual(["SENDING 1", "CONFIRM 1"]);
    });
  });
}
