import { describe, expect, it } from "vitest";
import { type AddonGame, idOf, type StartGame } from "../addon-game.ts";

function isFriendsWindowOpen(one: AddonGame): boolean {
  return one.game.evaluate("return FriendsFrame:IsShown() and true or false")[0] === true;
}

/** The search for the candidate. */
export function describeWho(greeted: StartGame): void {
  describe("/who", () => {
    it.each([
      ["a candidate who is online", {}, true],
      ["one who is offline", { online: false }, false],
      ["one of the other faction", { faction: "Horde" as const }, false],
      ["a hidden game master", { invisible: true }, false],
    ])("tells about %s, and keeps the Friends window shut", async (_, jaina, online) => {
      const one = await greeted({ world: { characters: { Jaina: jaina, Jainaa: {}, Xjaina: {} } } });
      one.type("MGM_RunWhoForSpin", [idOf(1), "Jaina"]);
      one.wait(3);
      expect(one.who()).toEqual([{ spin: idOf(1), name: "Jaina", online }]);
      expect(isFriendsWindowOpen(one)).toBe(false);
      one.wait(20);
      expect(one.who()).toHaveLength(1);
      expect(one.game.evaluate('return FriendsFrame:IsEventRegistered("WHO_LIST_UPDATE")')[0]).toBeTruthy();
    });

    it.each(["azerothcore" as const, "trinitycore" as const, "cmangos" as const])(
      "asks again while the list is cut off, and takes it when it is not any more, on %s",
      async (server) => {
        const characters = Object.fromEntries(
          Array.from({ length: 60 }, (_, index) => {
            const name = `Jaina${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}`;
            return [name, {}];
          }),
        );
        const one = await greeted({ world: { server, characters } });
        const late = one.game.player("Jaina");
        one.type("MGM_RunWhoForSpin", [idOf(1), "Jaina"]);
        one.wait(20);
        expect(one.who()).toEqual([]);
        late.goOffline();
        for (const name of Object.keys(characters).slice(0, 30)) one.game.player(name).goOffline();
        one.wait(10);
        expect(one.who()).toEqual([{ spin: idOf(1), name: "Jaina", online: false }]);
      },
    );

    it("asks again when no answer comes", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      one.game.world.who.addFault({ kind: "dropped" }, { kind: "dropped" });
      one.type("MGM_RunWhoForSpin", [idOf(1), "Jaina"]);
      one.wait(15);
      expect(one.who()).toEqual([]);
      one.wait(5);
      expect(one.who()).toHaveLength(1);
    });

    it("does not take a late answer to the last spin for this one's", async () => {
      const one = await greeted({ world: { characters: { Thrall: {} } } });
      one.game.world.who.addFault({ kind: "late", delayMs: 9_000 });
      one.type("MGM_RunWhoForSpin", [idOf(1), "Jaina"]);
      one.wait(1);
      one.type("MGM_RunWhoForSpin", [idOf(2), "Thrall"]);
      one.wait(20);
      expect(one.who()).toEqual([{ spin: idOf(2), name: "Thrall", online: true }]);
    });

    it("keeps out of the way of the streamer's own /who", async () => {
      const one = await greeted({
        world: { characters: { Jaina: {}, Thrall: {}, Varian: {}, Anduin: {}, Tyrande: {} } },
      });
      one.game.command("/who Dalaran");
      one.type("MGM_RunWhoForSpin", [idOf(1), "Jaina"]);
      one.wait(1);
      expect(isFriendsWindowOpen(one)).toBe(true);
      expect(one.who()).toEqual([]);
      one.wait(8);
      expect(one.who()).toEqual([{ spin: idOf(1), name: "Jaina", online: true }]);
    });

    it.each([8_500, 9_000, 13_000, 30_000])(
      "does not take the answer to the streamer's own /who for ours when it comes after %i ms",
      async (delayMs) => {
        const one = await greeted({ world: { characters: { Jaina: {} } } });
        one.game.world.who.addFault({ kind: "late", delayMs }, { kind: "late", delayMs: 4_000 });
        one.game.command("/who n-Nobody");
        one.type("MGM_RunWhoForSpin", [idOf(1), "Jaina"]);
        one.wait(60);
        expect(one.who()).toEqual([{ spin: idOf(1), name: "Jaina", online: true }]);
      },
    );

    it("lets the streamer's own /who through while ours is out", async () => {
      const one = await greeted({ world: { characters: { Jaina: {} } } });
      one.game.world.who.addFault({ kind: "late", delayMs: 1_000 });
      one.type("MGM_RunWhoForSpin", [idOf(1), "Jaina"]);
      one.game.run('SendWho("n-Nobody")');
      one.wait(3);
      expect(one.who()).toEqual([]);
      one.wait(12);
      expect(one.who()).toEqual([{ spin: idOf(1), name: "Jaina", online: true }]);
    });

    it("reads an answer that comes into the chat because somebody shut the who panel", async () => {
      for (const locale of ["enUS", "ruRU"] as const) {
        const one = await greeted({ locale, world: { characters: { Jaina: {} } } });
        one.game.run("ShowWhoPanel()");
        one.game.world.who.addFault({ kind: "late", delayMs: 1_000 });
        one.type("MGM_RunWhoForSpin", [idOf(1), "Jaina"]);
        one.game.run("WhoFrame:Hide() HideUIPanel(FriendsFrame)");
        one.wait(4);
        expect(one.who()).toEqual([{ spin: idOf(1), name: "Jaina", online: true }]);
      }
    });

    it("never asks twice within five seconds", async () => {
      const one = await greeted({ world: { characters: { Jaina: {}, Thrall: {} } } });
      one.game.run("times = {} hooksecurefunc('SendWho', function() table.insert(times, GetTime()) end)");
      for (let spin = 1; spin <= 6; spin++) one.type("MGM_RunWhoForSpin", [idOf(spin), spin % 2 ? "Jaina" : "Thrall"]);
      one.wait(30);
      const count = Number(one.game.evaluate("return #times")[0]);
      const times = Array.from({ length: count }, (_, index) =>
        Number(one.game.evaluate(`return times[${index + 1}]`)[0]),
      );
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4.999);
      expect(one.who().at(-1)?.spin).toBe(idOf(6));
    });
  });
}
