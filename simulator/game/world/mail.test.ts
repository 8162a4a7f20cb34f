import { describe, expect, it } from "vitest";
import type { Game } from "../game.ts";
import { listenTo, seenBy, useGames } from "../game-fixture.ts";
import type { MailFault } from "./mail-server.ts";

const game = useGames();
const EVENTS = [
  ...["MAIL_SHOW", "MAIL_CLOSED", "MAIL_SEND_SUCCESS", "MAIL_FAILED", "MAIL_SEND_INFO_UPDATE", "PLAYER_MONEY"],
  ...["UI_ERROR_MESSAGE", "BAG_UPDATE", "MAIL_LOCK_SEND_ITEMS"],
];
const LISTEN = `${listenTo(...EVENTS)}
  local f = CreateFrame("Frame") f:RegisterEvent("MAIL_SEND_SUCCESS") f:RegisterEvent("PLAYER_MONEY")
  f:SetScript("OnEvent", function(_, e) _G["moneyAt_" .. e] = GetMoney() end)
  function send(copper, to)
    SetSendMailCOD(0)
    ok = SetSendMailMoney(copper)
    SendMail(to or "Bob", "Gold", "")
  end`;
const CHARACTERS = { Bob: {}, Away: { online: false }, Orc: { faction: "Horde" }, Full: { mailCount: 100 } } as const;
const RICH = 1_000_000_000;
const FIRST = { bag: 0, slot: 1 } as const;

async function atMailbox(options: Parameters<typeof game>[1] = {}): Promise<Game> {
  const running = await game(LISTEN, { world: { characters: CHARACTERS }, ...options });
  running.advanceUntil(() => running.screen === "world");
  running.openMailbox();
  running.run("wipe(seen)");
  return running;
}
const mails = (running: Game, name = "Bob") => running.player(name).mails;

describe("a mail that goes", () => {
  it("is answered before the money changes", async () => {
    const running = await atMailbox();
    running.run("send(10000)");
    running.advance(1_000);
    expect(seenBy(running)).toEqual(["MAIL_SEND_SUCCESS", "PLAYER_MONEY"]);
    expect(running.evaluate("return ok, moneyAt_MAIL_SEND_SUCCESS, moneyAt_PLAYER_MONEY")).toEqual([
      1,
      RICH,
      RICH - 10_000 - 30,
    ]);
    expect(mails(running)).toMatchObject([{ from: "Norinn", subject: "Gold", copper: 10_000, items: [] }]);
  });

  it("reaches somebody who is offline, however the name is written", async () => {
    const running = await atMailbox();
    running.run('send(5, "aWAY")');
    running.advance(500);
    expect(mails(running, "Away")).toHaveLength(1);
  });

  it("empties the form, so that a second send carries nothing", async () => {
    const running = await atMailbox();
    running.run("send(10000)");
    running.advance(500);
    running.run('SendMail("Bob", "again", "")');
    running.advance(500);
    expect(mails(running).map(({ copper }) => copper)).toEqual([10_000, 0]);
  });

  it("shares the form with every other mail: two at once carry the same amount", async () => {
    const running = await atMailbox();
    running.run('send(10000) SendMail("Away", "other", "")');
    running.advance(500);
    expect([mails(running)[0]?.copper, mails(running, "Away")[0]?.copper]).toEqual([10_000, 10_000]);
  });
});

describe("money", () => {
  it("also moves for other reasons, in between", async () => {
    const running = await atMailbox();
    running.run("send(10000)");
    running.world.changeMoney(10_030);
    running.advance(1_000);
    expect(running.evaluate("return GetMoney()")).toEqual([RICH]);
    expect(seenBy(running).filter((one) => one === "PLAYER_MONEY")).toHaveLength(2);
  });
});

describe("a mail that is refused", () => {
  it.each([
    ["Nobody", "Cannot find mail recipient."],
    ["Norinn", "You can't send mail to yourself."],
    ["Full", "You have reached the in-game cap of unique mail recipients"],
    ["Orc", "Target is unfriendly."],
  ])("by %s fails with the reason on the screen, and the form keeps its money", async (name, text) => {
    const running = await atMailbox();
    running.run(`send(10000, "${name}")`);
    running.advance(500);
    expect(seenBy(running)).toEqual([`UI_ERROR_MESSAGE,${text}`, "MAIL_FAILED"]);
    expect(running.evaluate("return GetMoney(), GetSendMailMoney()")).toEqual([RICH, 10_000]);
  });

  it("by the client for want of money sets nothing", async () => {
    const running = await atMailbox({ world: { characters: CHARACTERS, copper: 10_029 } });
    running.run("ok = SetSendMailMoney(10000)");
    expect(running.evaluate("return ok, GetSendMailMoney()")).toEqual([undefined, 0]);
    expect(running.evaluate("return SetSendMailMoney(9999), SetSendMailMoney(2147483648)")).toEqual([1, undefined]);
  });

  it("gets no answer without a mailbox, without a name, below the level, or for bars in the subject", async () => {
    const running = await atMailbox({ world: { characters: CHARACTERS, server: "azerothcore" } });
    running.run('SendMail("", "x", "") SendMail("Bob", "a| |b", "")');
    running.world.mail.minLevel = 81;
    running.run("send(1)");
    running.advance(500);
    running.world.mail.minLevel = 1;
    running.world.mail.isNear = false;
    running.run("send(1)");
    running.advance(2_000);
    expect(seenBy(running)).toEqual([]);
    expect(mails(running)).toEqual([]);
    expect(running.records.screenMessages.join()).toContain("level 81");
  });
});

describe("another mail command", () => {
  it("is answered by events that do not say which command they are about, and leaves the form alone", async () => {
    const running = await game(listenTo("MAIL_SUCCESS", "MAIL_FAILED", "MAIL_SEND_SUCCESS"));
    running.openMailbox();
    running.run("SetSendMailMoney(5)");
    running.world.mail.answerOther();
    running.world.mail.answerOther("ERR_MAIL_DATABASE_ERROR");
    running.advance(500);
    expect(seenBy(running)).toEqual(["MAIL_SUCCESS", "MAIL_FAILED"]);
    expect(running.evaluate("return GetSendMailMoney()")).toEqual([5]);
  });
});

describe("a mail that the server refuses though the client sent it", () => {
  it.each([
    ["the money went meanwhile", "", (one: Game) => one.world.changeMoney(-RICH), "You don't have enough money."],
    [
      "the stack went meanwhile",
      "SetSendMailMoney(0)",
      (one: Game) => one.world.inventory.take(FIRST),
      "A mail attachment was invalid.",
    ],
    [
      "cash on delivery without an item",
      "SetSendMailMoney(0) ClickSendMailItemButton(1, true) SetSendMailCOD(7)",
      () => undefined,
      "A mail attachment was invalid.",
    ],
  ])("%s", async (_title, prepare, happen, text) => {
    const running = await atMailbox();
    running.world.inventory.put(33_470, {}, FIRST);
    running.run(`SetSendMailMoney(5) PickupContainerItem(0, 1) ClickSendMailItemButton() ${prepare}`);
    running.run('wipe(seen) SendMail("Bob", "x", "")');
    happen(running);
    running.advance(500);
    expect(seenBy(running)).toContain(`UI_ERROR_MESSAGE,${text}`);
    expect(seenBy(running)).toContain("MAIL_FAILED");
    expect(mails(running)).toEqual([]);
  });
});

describe("faults on demand", () => {
  const cases: readonly [MailFault, string[], number][] = [
    [{ kind: "lost" }, [], 0],
    [{ kind: "silent" }, ["PLAYER_MONEY"], 1],
    [{ kind: "late", delayMs: 12_000 }, ["PLAYER_MONEY", "MAIL_SEND_SUCCESS"], 1],
    [{ kind: "late_money", delayMs: 12_000 }, ["MAIL_SEND_SUCCESS", "PLAYER_MONEY"], 1],
    [{ kind: "failed" }, ["UI_ERROR_MESSAGE,Internal mail database error.", "MAIL_FAILED"], 0],
    [{ kind: "failed", delayMs: 12_000 }, ["UI_ERROR_MESSAGE,Internal mail database error.", "MAIL_FAILED"], 0],
    [{ kind: "answered_twice" }, ["MAIL_SEND_SUCCESS", "MAIL_SEND_SUCCESS", "PLAYER_MONEY"], 1],
  ];
  it.each(cases)("%j", async (fault, events, delivered) => {
    const running = await atMailbox();
    running.world.mail.addFault(fault);
    running.run("send(10000)");
    running.advance(20_000);
    expect(seenBy(running).sort()).toEqual([...events].sort());
    expect(mails(running)).toHaveLength(delivered);
    expect(running.world.inventory.copper).toBe(RICH - delivered * 10_030);
  });

  it("late answers come after the money", async () => {
    const running = await atMailbox();
    running.world.mail.addFault({ kind: "late", delayMs: 12_000 });
    running.run("send(10000)");
    running.advance(20_000);
    expect(seenBy(running)).toEqual(["PLAYER_MONEY", "MAIL_SEND_SUCCESS"]);
  });

  it.each([
    ["before", 0],
    ["taken", 1],
    ["answered", 1],
  ] as const)("a crash when the mail is %s", async (when, delivered) => {
    const running = await atMailbox();
    running.world.mail.addFault({ kind: "crash", when });
    running.run("send(10000)");
    running.advance(500);
    expect(running.screen).toBe("closed");
    expect(mails(running)).toHaveLength(delivered);
    running.login();
    expect(running.evaluate("return GetMoney()")).toEqual([RICH - delivered * 10_030]);
  });

  it("an answer under way when the client reloads reaches the new interface; a dead client's answer is lost", async () => {
    const running = await atMailbox();
    running.world.mail.addFault({ kind: "late", delayMs: 3_000 }, { kind: "late", delayMs: 3_000 });
    running.run("send(10000)");
    running.advance(500);
    running.reload();
    running.advance(4_000);
    expect(seenBy(running)).toEqual(["MAIL_SEND_SUCCESS"]);
    running.openMailbox();
    running.run("send(10000)");
    running.advance(500);
    running.crash();
    running.login();
    running.advance(4_000);
    expect(seenBy(running)).toEqual([]);
    expect(mails(running)).toHaveLength(2);
  });
});

describe("a loading screen", () => {
  it("holds back what the server says until the interface is there", async () => {
    const running = await atMailbox({ loadingMs: 2_000, world: { characters: CHARACTERS } });
    expect(running.screen).toBe("world");
    running.run("send(10000)");
    running.reload();
    expect(running.screen).toBe("loading");
    running.advance(3_000);
    expect(seenBy(running)).toEqual(["MAIL_SEND_SUCCESS", "PLAYER_MONEY"]);
  });
});

describe("the mail window", () => {
  it("shows the inbox, where the form cannot have the focus", async () => {
    const running = await game(LISTEN);
    running.openMailbox();
    expect(running.evaluate("return MailFrame:IsShown(), InboxFrame:IsVisible(), SendMailFrame:IsVisible()")).toEqual([
      1,
      1,
      undefined,
    ]);
    running.run("SendMailNameEditBox:SetFocus()");
    expect(running.keyboard.focus).toBeUndefined();
  });

  it("is sent by hand: form, button, question, popup", async () => {
    const running = await atMailbox();
    running.click("MailFrameTab2");
    running.run('SendMailNameEditBox:SetText("Bob") SendMailSubjectEditBox:SetText("Hi")');
    running.run("MoneyInputFrame_SetCopper(SendMailMoney, 12345)");
    expect(running.click("SendMailMailButton")).toBe(false);
    expect(running.clickSend()).toBe(true);
    running.advance(500);
    expect(mails(running)).toMatchObject([{ subject: "Hi", copper: 12_345 }]);
    expect(running.evaluate("return SendMailNameEditBox:GetText(), SendMailSubjectEditBox:GetText()")).toEqual([
      "",
      "",
    ]);
  });

  it("takes the typing when the Send tab opens and after every success", async () => {
    const running = await atMailbox();
    running.click("MailFrameTab2");
    expect(running.keyboard.focus).toBe("SendMailNameEditBox");
    running.command("/run done = true");
    expect(running.evaluate("return done, SendMailSubjectEditBox:GetText()")).toEqual([undefined, "/run done = true"]);
    running.run(
      "SendMailNameEditBox:ClearFocus() SendMailSubjectEditBox:ClearFocus() SendMailBodyEditBox:ClearFocus()",
    );
    running.run("send(100)");
    running.advance(500);
    expect(running.keyboard.focus).toBe("SendMailNameEditBox");
  });

  it("cannot send before the Send tab was open once, and an Escape belongs to the box first", async () => {
    const running = await atMailbox();
    running.run('SendMailNameEditBox:SetText("Bob") SendMailSubjectEditBox:SetText("Hi")');
    running.advance(100);
    running.run("SendMailFrame_CanSend()");
    expect(running.evaluate("return SendMailMailButton:IsEnabled()")).toEqual([0]);
    running.click("MailFrameTab2");
    running.advance(100);
    expect(running.evaluate("return SendMailMailButton:IsEnabled()")).toEqual([1]);
    running.keyboard.pressEscape();
    expect(running.evaluate("return MailFrame:IsShown()")).toEqual([1]);
    running.keyboard.pressEscape();
    expect(running.evaluate("return MailFrame:IsShown()")).toEqual([undefined]);
  });

  it("leaves the button off where the money cannot be set after the question", async () => {
    const running = await atMailbox({ world: { characters: CHARACTERS, copper: 100 } });
    running.click("MailFrameTab2");
    running.run('SendMailNameEditBox:SetText("Bob") SendMailSubjectEditBox:SetText("Hi")');
    running.run("MoneyInputFrame_SetCopper(SendMailMoney, 5000)");
    running.clickSend();
    running.advance(500);
    expect(mails(running)).toEqual([]);
    expect(running.evaluate("return SendMailMailButton:IsEnabled()")).toEqual([0]);
  });

  it("closes the mail when it is hidden, empties its boxes, and may tell so twice", async () => {
    const running = await atMailbox();
    running.run('SendMailSubjectEditBox:SetText("x") SetSendMailMoney(5)');
    running.closeMailbox();
    expect(seenBy(running).filter((one) => one === "MAIL_CLOSED")).toHaveLength(2);
    expect(running.evaluate("return SendMailSubjectEditBox:GetText(), GetSendMailMoney()")).toEqual(["", 0]);
    running.openMailbox();
    running.walkAway();
    expect(running.evaluate("return MailFrame:IsShown()")).toEqual([undefined]);
  });
});
