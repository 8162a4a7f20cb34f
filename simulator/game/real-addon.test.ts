import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { useGames } from "./game-fixture.ts";

const game = useGames();
const ADDON = fileURLToPath(new URL("../../addon/MimironsGoldOMatic", import.meta.url));
const NONCE = "0123456789abcdef0123456789abcdef";
const KEY = "0123456789abcdef";

describe("the addon that a streamer installs", () => {
  it.each([
    ["enUS", "azerothcore"],
    ["enUS", "trinitycore"],
    ["ruRU", "cmangos"],
  ] as const)("runs here unchanged, %s on %s: hello, gold, mail, confirmation", async (locale, server) => {
    const running = await game("", { addons: [ADDON], locale, world: { server, characters: { Bob: {} } } });
    running.advance(3_000);
    running.command(`/run MGM_Hello("${NONCE}","${KEY}",1)`);
    running.advance(10_000);
    const id = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
    running.command(`/run ReceiveGold("${id}:Bob:10000000",2)`);
    running.advance(3_000);
    running.openMailbox();
    running.advance(500);
    running.command("/mgm");
    running.advance(500);
    running.logout();
    running.login();
    running.advance(3_000);
    running.crash();
    expect(running.luaErrors).toEqual([]);
    expect(running.records.forbidden).toEqual([]);
    const texts = running.logTexts().join("\n");
    expect(texts).toContain(`[MGM_HELLO:${NONCE}]`);
    expect(texts).toContain(`[MGM_ACK:2] #${KEY}`);
  });

  it("says the same at the same moments in every run of a seed, and not in another's", async () => {
    const play = async (seed: number) => {
      const world = { seed, latencyMs: 200, characters: { Bob: {}, Bobby: {} } };
      const running = await game("", { addons: [ADDON], startMs: 1_775_000_000_000, world });
      running.advance(3_000);
      running.command(`/run MGM_Hello("${NONCE}","${KEY}",1)`);
      running.advance(6_000);
      running.command(`/run MGM_RunWhoForSpin("6f9619ff-8b86-d011-b42d-00c04fc964ff","Bob",2)`);
      running.advance(7_000);
      running.command(`/run NotifyWinnerWhisper("6f9619ff-8b86-d011-b42d-00c04fc964fe","Bob",3)`);
      running.advance(3_000);
      running.player("Bob").whisper("!twgold");
      running.player("Bobby").whisper("me too");
      running.advance(5_000);
      running.logout();
      return running.logBytes().toString("latin1");
    };
    const [one, again, another] = [await play(7), await play(7), await play(8)];
    expect(one).toContain("[MGM_ACCEPT:");
    expect(again).toBe(one);
    expect(another).not.toBe(one);
  });
});
