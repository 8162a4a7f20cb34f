import { describe, expect, it } from "vitest";
import { idOf, KEY, type StartGame } from "../addon-game.ts";

/** The log bridge and the handshake. */
export function describeBridge(start: StartGame, greeted: StartGame): void {
  describe("the log bridge", () => {
    it("says READY at login, BYE at logout, both at /reload", async () => {
      const one = await start();
      expect(one.game.logTexts()).toEqual(["[MGM_READY]"]);
      one.hello();
      one.wait(3);
      one.game.reload();
      one.wait(3);
      one.game.logout();
      const names = one.tags().flatMap((tag) => ("name" in tag && "kind" in tag === false ? [tag.name] : []));
      expect(names).toEqual(["ACK", "HELLO", "BYE", "READY", "BYE"]);
    });

    it("bears the key on every line after the hello, none before", async () => {
      const one = await start();
      one.receiveGold([idOf(1), "Jaina"]);
      one.hello();
      one.wait(3);
      one.receiveGold([idOf(2), "Jaina"]);
      one.wait(2);
      const texts = one.game.logTexts().filter((text) => text.startsWith("[MGM_"));
      const isKeyed = (text: string) => text.endsWith(` #${KEY}`);
      expect(texts.map((text) => [text.slice(5, 8), isKeyed(text)])).toEqual([
        ["REA", false],
        ["ACK", false],
        ["ACK", true],
        ["HEL", false],
        ["ACK", true],
      ]);
    });

    it("acknowledges every number, and does nothing else with a repeated one", async () => {
      const one = await greeted();
      const before = one.acks().length;
      const number = one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      for (let repeat = 0; repeat < 9; repeat++) one.type("MGM_RunWhoForSpin", [idOf(5), "Jaina"], number);
      one.wait(10);
      expect(one.acks().slice(before)).toEqual(Array.from({ length: 10 }, () => number));
      expect(one.who()).toEqual([]);
    });

    it("works without a number, and acknowledges nothing then", async () => {
      const one = await greeted();
      const before = one.acks().length;
      one.game.command(`/run ReceiveGold("${idOf(1)}:Jaina:5")`);
      one.wait(2);
      expect(one.acks().length).toBe(before);
      expect(one.send()).toBe(true);
    });

    it.each([
      ["MGM_Hello", ["short", "short"]],
      ["NotifyWinnerWhisper", ["no-id", "Jaina"]],
      ["NotifyWinnerWhisper", [idOf(1), "Ja1na"]],
      ["ReceiveGold", [`${idOf(1)}:Jaina`]],
      ["ReceiveGold", [`${idOf(1)}:Jaina:0`]],
      ["ReceiveGold", [`${idOf(1)}:Jaina:99999999999`]],
      ["ReceiveGold", [5]],
      ["MGM_DescribeGiftItem", [idOf(1), "a", 1, 1, 1]],
      ["MGM_UpdateStatus", ["1", "1", "whatever"]],
    ])("refuses %s%j and does not acknowledge it", async (name, args) => {
      const one = await greeted();
      const before = one.acks().length;
      one.type(name, args);
      one.wait(2);
      expect(one.acks().length).toBe(before);
      expect(one.game.records.luaErrors.splice(0)).toHaveLength(1);
    });

    it("refuses a number that is none", async () => {
      const one = await greeted();
      one.game.command(`/run MGM_Withdraw("${idOf(1)}",-1)`);
      one.game.command(`/run MGM_Withdraw("${idOf(1)}","x")`);
      expect(one.game.records.luaErrors.splice(0)).toHaveLength(2);
    });

    it("flushes at most once a second, however much there is to say", async () => {
      const one = await greeted();
      one.game.run("toggles, LoggingChatBefore = 0, LoggingChat");
      one.game.run(
        "LoggingChat = function(on) if on == false then toggles = toggles + 1 end return LoggingChatBefore(on) end",
      );
      one.game.framesPerSecond = 10;
      for (let number = 1; number <= 20; number++) one.receiveGold([idOf(number), "Jaina"]);
      one.wait(2);
      const [toggles] = one.game.evaluate("return toggles");
      // Twenty commands of a quarter of a second each, and what follows.
      expect(toggles).toBeLessThanOrEqual(8);
      expect(toggles).toBeGreaterThanOrEqual(4);
      expect(one.acks()).toHaveLength(21);
    });

    it("flushes at most once a second at login and after a /reload, too", async () => {
      const one = await start();
      one.game.run("LoggingChat(true)");
      one.game.reload();
      // The log was turned off and on, which is a flush; READY may not be flushed before a second has passed.
      expect(one.game.logTexts()).toEqual(["[MGM_READY]", "[MGM_BYE]"]);
      one.wait(0.9);
      expect(one.game.logTexts()).toHaveLength(2);
      one.wait(0.2);
      expect(one.game.logTexts()).toHaveLength(3);
    });

    it("turns the log on again when somebody turned it off", async () => {
      const one = await greeted();
      one.game.command("/chatlog");
      one.receiveGold([idOf(1), "Jaina"]);
      one.wait(3);
      expect(one.acks()).toHaveLength(2);
    });

    it("fills the block where toggling brings nothing, and remembers that", async () => {
      const one = await start({ flushOnToggle: false });
      one.hello();
      one.wait(60);
      expect(one.hellos()).toEqual([]);
      one.hello({ again: true });
      one.wait(5);
      expect(one.hellos().map(({ transport }) => transport)).toContain("system");
      const number = one.receiveGold([idOf(1), "Jaina"]);
      one.wait(2);
      expect(one.acks()).toContain(number);
      one.game.reload();
      one.hello();
      one.wait(3);
      const again = one.receiveGold([idOf(2), "Jaina"]);
      one.wait(2);
      expect(one.acks()).toContain(again);
    });

    it("goes on to whispers, to prints, and around, one for each repeated hello", async () => {
      const one = await start();
      const transports: string[] = [];
      one.hello();
      for (let turn = 0; turn < 8; turn++) {
        one.wait(7);
        transports.push(one.hellos().at(-1)?.transport ?? "nothing");
        one.hello({ again: true });
        if (turn === 3) one.wait(120);
      }
      // What is printed reaches no file; the block that whispers fill takes its time.
      expect(transports).toEqual(["system", "system", "whisper", "whisper", "whisper", "whisper", "whisper", "system"]);
    });
  });

  describe("over whispers", () => {
    const whispering: StartGame = async (options) => {
      const one = await greeted(options);
      one.hello({ again: true });
      one.wait(3);
      one.hello({ again: true });
      one.wait(10);
      expect(one.hellos().at(-1)?.transport).toBe("whisper");
      return one;
    };

    // The slowest way of all: neither system texts are logged nor does toggling write the log.
    const slowest: StartGame = async (options) => {
      const one = await start({ flushOnToggle: false, logNeedsWindow: true, framesPerSecond: 10, ...options });
      one.game.run('ChatFrame_RemoveMessageGroup(ChatFrame1, "SYSTEM")');
      one.hello();
      for (let turn = 0; turn < 3; turn++) {
        one.wait(7);
        one.hello({ again: true });
      }
      one.wait(200);
      // That of the mode before lay in the block, too.
      expect(one.hellos().map(({ transport }) => transport)).toEqual(["whisper", "whisper"]);
      one.game.framesPerSecond = 30;
      return one;
    };

    it.each([["azerothcore" as const], ["trinitycore" as const], ["cmangos" as const]])(
      "lists a hundred stacks within thirty seconds on %s, and never talks faster than every 1.1 s",
      async (server) => {
        const one = await whispering({ world: { server } });
        for (let stack = 0; stack < 100; stack++) one.game.world.inventory.put(33470, { count: 20 });
        const from = one.game.clock.nowMs;
        one.type("MGM_RequestGiftItems", [idOf(1)]);
        one.game.advanceUntil(() => one.tags().some((tag) => "stacks" in tag), 30_000);
        expect(one.game.clock.nowMs - from).toBeLessThan(30_000);
        const listed = one.tags().flatMap((tag) => ("stacks" in tag ? [tag.stacks.length] : []));
        expect(listed).toEqual([100]);
        const times = one.game.world.streamer.whispers.map(({ atMs }) => atMs);
        const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
        // The way to the server takes 40 to 60 ms.
        expect(Math.min(...gaps)).toBeGreaterThan(1_075);
      },
    );

    it.each([
      ["enUS" as const, "azerothcore" as const],
      ["ruRU" as const, "trinitycore" as const],
      ["enUS" as const, "cmangos" as const],
    ])(
      "lists a hundred stacks within thirty seconds where nothing but whispers is logged, and only by blocks, %s on %s",
      async (locale, server) => {
        const one = await slowest({ locale, world: { server } });
        for (let turn = 0; turn < 3; turn++) {
          // Three minutes without business, and the chat of others.
          one.game.framesPerSecond = 10;
          for (let minute = 0; minute < 5; minute++) {
            one.game.player("Thrall").whisper(`${"lok'tar ".repeat(minute * 7)}ogar`);
            one.wait(37);
          }
          one.game.framesPerSecond = 30;
          for (let stack = turn === 0 ? 0 : 100; stack < 100; stack++)
            one.game.world.inventory.put(33470, { count: 20 });
          const from = one.game.clock.nowMs;
          one.type("MGM_RequestGiftItems", [idOf(turn + 1)]);
          const listed = () => one.tags().flatMap((tag) => ("stacks" in tag ? [tag.stacks.length] : []));
          one.game.advanceUntil(() => listed().length > turn, 30_000);
          expect(one.game.clock.nowMs - from).toBeLessThan(30_000);
          expect(listed().at(-1)).toBe(100);
          if (turn === 1) one.game.reload();
        }
        const ours = one.game.world.streamer.whispers.filter(({ from }) => from === "Norinn");
        const times = ours.map(({ atMs }) => atMs);
        const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
        expect(Math.min(...gaps)).toBeGreaterThan(1_075);
      },
    );

    it("stays silent once the block is filled up in advance", async () => {
      const one = await slowest();
      one.game.framesPerSecond = 10;
      one.wait(120);
      const said = one.game.world.streamer.whispers.length;
      one.wait(300);
      expect(one.game.world.streamer.whispers.length).toBe(said);
    });

    it("mails only when a whole block was written after SENDING, however full it was", async () => {
      const one = await slowest({ world: { characters: { Jaina: {} } } });
      one.game.framesPerSecond = 10;
      one.receiveGold([idOf(1), "Jaina"]);
      one.wait(120);
      expect(one.prepare()).toBe(true);
      one.game.clickSend();
      one.game.advanceUntil(() => one.game.player("Jaina").mails.length > 0, 200_000);
      expect(one.events()).toEqual(["SENDING 1"]);
    });

    it("says a lost line again until it comes back, and others in the meantime", async () => {
      const one = await whispering();
      one.game.player("Norinn").goOffline();
      one.receiveGold([idOf(1), "Jaina"]);
      one.wait(4);
      one.game.player("Norinn").goOnline();
      const acks = one.acks().length;
      one.wait(8);
      expect(one.acks().length).toBe(acks + 1);
      one.game.player("Norinn").goOffline();
      const late = one.receiveGold([idOf(2), "Jaina"]);
      one.wait(18);
      one.game.player("Norinn").goOnline();
      const early = one.receiveGold([idOf(3), "Jaina"]);
      one.wait(4);
      expect(one.acks().slice(acks + 1)).toEqual([early]);
      one.wait(20);
      expect(one.acks().slice(acks + 1)).toEqual([early, late]);
    });

    it("loses no consent however long whispers to oneself do not come back", async () => {
      const one = await whispering();
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.wait(5);
      one.game.framesPerSecond = 5;
      one.game.world.chat.addFault(...Array.from({ length: 12 }, () => ({ kind: "lost" as const })));
      one.game.player("Jaina").whisper("!twgold");
      one.wait(300);
      expect(one.events()).toEqual(["ACCEPT 1"]);
    });

    it("says BYE also where a whisper has no time to come back", async () => {
      const one = await whispering();
      one.receiveGold([idOf(1), "Jaina"]);
      one.wait(5);
      one.game.logout();
      const names = one.tags().flatMap((tag) => ("name" in tag && "kind" in tag === false ? [tag.name] : []));
      expect(names.filter((name) => name === "BYE")).toEqual(["BYE"]);
    });

    it("mails only when SENDING came back and was flushed", async () => {
      const one = await whispering({ world: { characters: { Jaina: {} } } });
      one.receiveGold([idOf(1), "Jaina"]);
      one.wait(5);
      expect(one.prepare()).toBe(true);
      one.game.clickSend();
      expect(one.events()).toEqual([]);
      expect(one.game.player("Jaina").mails).toEqual([]);
      one.game.advanceUntil(() => one.game.player("Jaina").mails.length > 0, 10_000);
      expect(one.events()).toEqual(["SENDING 1"]);
      one.wait(5);
      expect(one.events()).toEqual(["SENDING 1", "CONFIRM 1"]);
    });

    it("does not mail when SENDING cannot be written", async () => {
      const one = await whispering({ world: { characters: { Jaina: {} } } });
      one.receiveGold([idOf(1), "Jaina"]);
      one.wait(5);
      one.prepare();
      one.game.player("Norinn").goOffline();
      one.game.clickSend();
      one.wait(70);
      one.game.player("Norinn").goOnline();
      expect(one.game.player("Jaina").mails).toEqual([]);
      one.send();
      one.wait(10);
      expect(one.game.player("Jaina").mails).toHaveLength(1);
    });

    it("leaves others' whispers in the windows, also those that look like ours", async () => {
      const one = await whispering();
      one.game.player("Thrall").whisper("[MGM_CONFIRM:x]");
      one.wait(1);
      const texts = one.game.records.chatWindows.map(({ text }) => text);
      expect(texts.filter((text) => text.includes("[MGM_CONFIRM:x]"))).toHaveLength(1);
    });
  });

  describe("the hello", () => {
    it("tells who and where", async () => {
      const one = await greeted({ locale: "ruRU", world: { realm: "Пламегор", streamer: { name: "Мимирон" } } });
      expect(one.hellos()).toEqual([
        {
          addonVersion: "0.1.0",
          character: "Мимирон",
          realm: "Пламегор",
          locale: "ruRU",
          transport: "system",
          whisperFormat: "%s шепчет: ",
          bangSwallowed: false,
        },
      ]);
    });

    it.each([
      ["azerothcore" as const, true],
      ["trinitycore" as const, false],
      ["cmangos" as const, true],
    ])("finds out once whether %s swallows what begins with !", async (server, swallowed) => {
      const one = await greeted({ world: { server } });
      one.hello();
      one.wait(7);
      one.game.reload();
      one.hello();
      one.wait(7);
      expect(one.hellos().map(({ bangSwallowed }) => bangSwallowed)).toEqual([swallowed, swallowed, swallowed]);
      const probes = one.game.world.streamer.whispers.filter(({ text }) => text === "!twgold");
      expect(probes).toHaveLength(swallowed ? 0 : 1);
    });

    it("answers a hello that comes while it is finding out once, too", async () => {
      const one = await start({ world: { server: "azerothcore" } });
      one.hello();
      one.wait(1);
      one.hello();
      one.wait(7);
      expect(one.hellos()).toHaveLength(2);
    });

    it("repeats what was said in the last two days, not what is older", async () => {
      const one = await greeted({ world: { characters: { Jaina: {}, Thrall: {} } } });
      one.game.player("Jaina").answers(() => "!twgold");
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.wait(5);
      one.receiveGold([idOf(1), "Jaina"]);
      one.send();
      one.wait(5);
      one.game.reload();
      one.hello();
      one.wait(3);
      expect(one.events()).toEqual(["ACCEPT 1", "SENDING 1", "CONFIRM 1", "ACCEPT 1", "CONFIRM 1"]);
      one.game.framesPerSecond = 0.01;
      one.wait(49 * 3_600);
      one.game.framesPerSecond = 30;
      one.hello();
      one.wait(3);
      expect(one.events()).toHaveLength(5);
    });

    it("repeats once, however many hellos were said before that", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      one.hello({ again: true });
      one.wait(3);
      one.hello({ again: true });
      one.wait(12);
      one.game.player("Jaina").answers(() => "!twgold");
      for (let number = 1; number <= 4; number++) one.type("NotifyWinnerWhisper", [idOf(number), "Jaina"]);
      one.wait(20);
      const before = one.events().length;
      for (let turn = 0; turn < 5; turn++) one.hello();
      one.wait(40);
      expect(one.events().slice(before)).toEqual(["ACCEPT 1", "ACCEPT 2", "ACCEPT 3", "ACCEPT 4"]);
    });

    it("with another key lets all rows wait until they are named again", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      one.receiveGold([idOf(1), "Jaina"]);
      expect(one.prepare()).toBe(true);
      one.hello({ key: "fedcba9876543210" });
      one.wait(3);
      expect(
        one.game.evaluate("return SendMailNameEditBox:GetText(), MimironsGoldOMaticDB.mail.rows[1].status"),
      ).toEqual(["", "WAITING"]);
      expect(one.press("Prepare Mail")).toBe(false);
      one.receiveGold([idOf(1), "Jaina"]);
      expect(one.send()).toBe(true);
      one.wait(3);
      expect(one.events()).toEqual(["SENDING 1", "CONFIRM 1"]);
    });
  });
}
