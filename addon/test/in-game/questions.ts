import { describe, expect, it } from "vitest";
import { idOf, type StartGame } from "../addon-game.ts";

const GOLD_QUESTION =
  "Поздравляю, ты победил в розыгрыше! Дай мне своё согласие на получение награды - ответь на это сообщение одной фразой: !twgold";
const GIFT_QUESTION = "Тебе выпал подарок! Хочешь его получить? Ответь на это сообщение одной фразой: !twgift";

/** Winner whisper, consent and gift question. */
export function describeQuestions(greeted: StartGame): void {
  describe("the question to a winner", () => {
    it.each([
      [
        ["Jaina", "Thrall"],
        ["ACCEPT 1", "ACCEPT 2"],
      ],
      [
        ["Thrall", "Jaina"],
        ["ACCEPT 2", "ACCEPT 1"],
      ],
    ])("hears two pending winners, %j", async (order, expected) => {
      const one = await greeted({ world: { characters: { Jaina: {}, Thrall: {} } } });
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.type("NotifyWinnerWhisper", [idOf(2), "Thrall"]);
      one.wait(5);
      for (const name of order) one.game.player(name).whisper("!twgold");
      one.wait(3);
      expect(one.events()).toEqual(expected);
    });

    it.each(["!twgold", "twgold", "TWGOLD", "!TwGold", " twgold "])("takes %j for a yes, once", async (text) => {
      const one = await greeted();
      const jaina = one.game.player("Jaina");
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.wait(2);
      expect(jaina.whispers.map((whisper) => whisper.text)).toEqual([GOLD_QUESTION]);
      jaina.whisper("thank you!");
      jaina.whisper(`${text} please`);
      one.game.player("Thrall").whisper(text);
      one.wait(2);
      expect(one.events()).toEqual([]);
      jaina.whisper(text);
      one.wait(2);
      jaina.whisper(text);
      one.wait(2);
      expect(one.events()).toEqual(["ACCEPT 1"]);
    });

    it.each(["azerothcore" as const, "cmangos" as const])("asks for the bare word on %s", async (server) => {
      const one = await greeted({ world: { server } });
      const jaina = one.game.player("Jaina");
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.wait(2);
      expect(jaina.whispers.at(-1)?.text).toBe(GOLD_QUESTION.replace("!twgold", "twgold"));
      jaina.whisper("!twgold");
      one.wait(2);
      expect(one.events()).toEqual([]);
      jaina.whisper("twgold");
      one.wait(2);
      expect(one.events()).toEqual(["ACCEPT 1"]);
    });

    it("is asked once per payout, whatever the number", async () => {
      const one = await greeted();
      const jaina = one.game.player("Jaina");
      for (let repeat = 0; repeat < 5; repeat++) one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.wait(70);
      expect(jaina.whispers).toHaveLength(1);
    });

    it("is tried every minute until the winner can be reached, also over a /reload", async () => {
      const one = await greeted();
      const jaina = one.game.player("Jaina", { online: false });
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.wait(100);
      one.game.reload();
      one.wait(100);
      jaina.goOnline();
      one.wait(65);
      expect(jaina.whispers).toHaveLength(1);
      one.wait(200);
      expect(jaina.whispers).toHaveLength(1);
    });

    it("is given up after an hour, and asked again when it is named again", async () => {
      const one = await greeted();
      const jaina = one.game.player("Jaina", { online: false });
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.game.framesPerSecond = 1;
      one.wait(3_700);
      one.game.framesPerSecond = 30;
      jaina.goOnline();
      one.wait(130);
      expect(jaina.whispers).toEqual([]);
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.wait(2);
      expect(jaina.whispers).toHaveLength(1);
    });

    it("is not heard any more when its payout cannot be open any more", async () => {
      const one = await greeted();
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.wait(3);
      one.game.framesPerSecond = 0.01;
      one.wait(25 * 3_600);
      one.game.framesPerSecond = 30;
      one.type("NotifyWinnerWhisper", [idOf(2), "Jaina"]);
      one.wait(3);
      one.game.player("Jaina").whisper("!twgold");
      one.wait(2);
      expect(one.events()).toEqual(["ACCEPT 2"]);
    });

    it("is not needed by one who says yes before it got through", async () => {
      const one = await greeted();
      const jaina = one.game.player("Jaina");
      jaina.goOffline();
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.wait(5);
      jaina.whisper("!twgold");
      jaina.goOnline();
      one.wait(130);
      expect(one.events()).toEqual(["ACCEPT 1"]);
      expect(jaina.whispers).toEqual([]);
    });

    it("is heard after a /reload and after a relog", async () => {
      const one = await greeted({ world: { characters: { Jaina: {}, Thrall: {} } } });
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.type("NotifyWinnerWhisper", [idOf(2), "Thrall"]);
      one.wait(5);
      one.game.reload();
      one.game.player("Jaina").whisper("!twgold");
      one.wait(3);
      one.game.logout();
      one.game.login();
      one.game.player("Thrall").whisper("!twgold");
      one.wait(3);
      expect(one.events()).toEqual(["ACCEPT 1", "ACCEPT 2"]);
    });

    it("keeps 1.1 s between whispers, so that nobody is muted", async () => {
      const names = Array.from({ length: 15 }, (_, index) => `Winner${String.fromCharCode(97 + index)}`);
      const one = await greeted();
      const players = names.map((name) => one.game.player(name));
      names.forEach((name, index) => {
        one.game.run(`NotifyWinnerWhisper("${idOf(index + 1)}","${name}")`);
      });
      one.wait(20);
      const times = players.flatMap(({ whispers }) => whispers.map(({ atMs }) => atMs)).sort((a, b) => a - b);
      expect(times).toHaveLength(15);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThan(1_075);
    });

    it.each(["enUS" as const, "ruRU" as const])(
      "knows Cyrillic names of twelve letters by heart, %s",
      async (locale) => {
        const name = "Абвгдежзийкл";
        const one = await greeted({ locale, world: { streamer: { name: "Мимирон" } } });
        const winner = one.game.player(name);
        winner.answers(() => "!TWGOLD");
        one.type("MGM_RunWhoForSpin", [idOf(9), name]);
        one.type("NotifyWinnerWhisper", [idOf(1), name]);
        one.wait(8);
        one.receiveGold([idOf(1), name.toUpperCase()]);
        const label = locale === "ruRU" ? "Заполнить" : "Prepare Mail";
        one.game.openMailbox();
        expect(one.press(label)).toBe(true);
        one.game.clickSend();
        one.wait(5);
        expect(one.who()).toEqual([{ spin: idOf(9), name, online: true }]);
        expect(one.events()).toEqual(["ACCEPT 1", "SENDING 1", "CONFIRM 1"]);
        expect(winner.mails).toHaveLength(1);
        expect(winner.whispers).toHaveLength(2);
      },
    );
  });

  describe("the question about a gift", () => {
    it.each([
      ["!twgift", "GIFT_ACCEPT 1"],
      ["TWGIFT", "GIFT_ACCEPT 1"],
      ["нет", "GIFT_DECLINE 1"],
      ["НЕТ", "GIFT_DECLINE 1"],
      ["No", "GIFT_DECLINE 1"],
    ])("hears %s", async (text, expected) => {
      const one = await greeted();
      const { bag, slot } = one.game.world.inventory.put(33470, { count: 7 });
      const jaina = one.game.player("Jaina");
      one.type("MGM_RequestGiftConfirmation", [idOf(1), "Jaina", bag, slot, 33470, 7]);
      one.wait(2);
      expect(jaina.whispers.map((whisper) => whisper.text)).toEqual([GIFT_QUESTION]);
      jaina.whisper("!twgold");
      jaina.whisper(text);
      one.wait(2);
      expect(one.events()).toEqual([expected]);
    });

    it("is only acknowledged when it is asked again, wherever its stack lies by then", async () => {
      const one = await greeted();
      const jaina = one.game.player("Jaina");
      const place = one.game.world.inventory.put(33470, { count: 7 });
      const ask = () => one.type("MGM_RequestGiftConfirmation", [idOf(1), "Jaina", place.bag, place.slot, 33470, 7]);
      ask();
      one.wait(2);
      one.game.world.inventory.take(place);
      const again = ask();
      one.wait(2);
      expect(one.events()).toEqual([]);
      expect(one.acks()).toContain(again);
      expect(jaina.whispers).toHaveLength(1);
    });

    it.each([
      ["!twgift", "GIFT_ACCEPT 2"],
      ["no", "GIFT_DECLINE 2"],
    ])(
      "is answered by %s where it is the newest one to that name, and no older one is ever after",
      async (text, said) => {
        const one = await greeted();
        const jaina = one.game.player("Jaina");
        const place = one.game.world.inventory.put(33470, { count: 7 });
        const ask = (id: number) =>
          one.type("MGM_RequestGiftConfirmation", [idOf(id), "Jaina", place.bag, place.slot, 33470, 7]);
        one.type("NotifyWinnerWhisper", [idOf(3), "Jaina"]);
        ask(1);
        // Its five minutes are over, and the viewer has asked for a gift again.
        one.wait(310);
        ask(2);
        one.wait(3);
        ask(1);
        one.game.reload();
        one.wait(3);
        jaina.whisper(text);
        one.wait(2);
        jaina.whisper("!twgift");
        jaina.whisper("!twgold");
        one.wait(2);
        expect(one.events()).toEqual([said, "ACCEPT 3"]);
        expect(jaina.whispers.filter((whisper) => whisper.text === GIFT_QUESTION)).toHaveLength(2);
      },
    );

    it("is not asked any more once a newer one is, and answers to others are theirs", async () => {
      const one = await greeted();
      const [jaina, thrall] = [one.game.player("Jaina", { online: false }), one.game.player("Thrall")];
      const place = one.game.world.inventory.put(33470, { count: 7 });
      const ask = (id: number, name: string) =>
        one.type("MGM_RequestGiftConfirmation", [idOf(id), name, place.bag, place.slot, 33470, 7]);
      ask(1, "Jaina");
      one.wait(65);
      ask(2, "Jaina");
      ask(3, "Thrall");
      one.wait(3);
      jaina.goOnline();
      one.wait(130);
      expect(jaina.whispers.map((whisper) => whisper.text)).toEqual([GIFT_QUESTION]);
      jaina.whisper("!twgift");
      thrall.whisper("!twgift");
      one.wait(2);
      expect(one.events()).toEqual(["GIFT_ACCEPT 2", "GIFT_ACCEPT 3"]);
    });

    it("is not asked about a stack that is gone", async () => {
      const one = await greeted();
      one.type("MGM_RequestGiftConfirmation", [idOf(1), "Jaina", 0, 3, 33470, 7]);
      one.wait(3);
      expect(one.events()).toEqual(["FAILED 1"]);
      expect(one.game.player("Jaina").whispers).toEqual([]);
    });
  });
}
