import { describe, expect, it } from "vitest";
import { listenTo, seenBy, useGames } from "../game-fixture.ts";
import type { CharacterInput } from "./character.ts";

const game = useGames();
const WHO = `${listenTo("WHO_LIST_UPDATE", "CHAT_MSG_SYSTEM")}
  function names()
    local list = {}
    for i = 1, GetNumWhoResults() do list[i] = (GetWhoInfo(i)) end
    return table.concat(list, " ")
  end`;
const CHARACTERS = {
  Abc: { guild: "Knights", level: 71, zone: "Dalaran" },
  Abcdef: {},
  Xabc: {},
  Abcgone: { online: false },
  Abchidden: { invisible: true },
  Abcorc: { faction: "Horde" },
  Гном: {},
} as const;

describe("/who", () => {
  it("finds substrings in any case, without the hidden, the offline and the other side", async () => {
    const running = await game(`${WHO} SetWhoToUI(1)`, { world: { characters: CHARACTERS } });
    running.run("SendWho(WHO_TAG_NAME .. '\"aBC\"')");
    running.advance(300);
    expect(running.evaluate("return names()")).toEqual(["Abc Abcdef Xabc"]);
    expect(running.evaluate("return GetWhoInfo(1)")).toEqual([
      "Abc",
      "Knights",
      71,
      "Human",
      "Mage",
      "Dalaran",
      "MAGE",
    ]);
  });

  it("takes the Russian tag in a Russian client, and an untagged word for name, guild or zone", async () => {
    const running = await game(`${WHO} SetWhoToUI(1)`, { locale: "ruRU", world: { characters: CHARACTERS } });
    running.run("SendWho(WHO_TAG_NAME .. '\"гНОМ\"')");
    running.advance(300);
    expect(running.evaluate("return names()")).toEqual(["Гном"]);
    running.run("SendWho('knight')");
    running.advance(300);
    expect(running.evaluate("return names()")).toEqual(["Abc"]);
  });

  it("tells up to three hits as lines of chat, without the event, unless a window asked", async () => {
    const running = await game(WHO, { world: { characters: CHARACTERS } });
    running.run("SendWho('n-abc')");
    running.advance(300);
    expect(seenBy(running)).toHaveLength(4);
    expect(seenBy(running)[0]).toContain("[Abc]|h: Level 71 Human Mage <Knights> - Dalaran");
    expect(seenBy(running)[3]).toContain("3 players total");
    expect(running.evaluate("return names(), FriendsFrame:IsShown()")).toEqual(["Abc Abcdef Xabc", undefined]);
    running.run("SendWho('n-nobody')");
    running.advance(300);
    expect(seenBy(running).at(-1)).toContain("0 players total");
    running.run("SetWhoToUI(1) SendWho('n-nobody')");
    running.advance(300);
    expect(seenBy(running).at(-1)).toBe("WHO_LIST_UPDATE");
  });

  it("opens the friends window on the event, unless that one was told not to listen", async () => {
    const running = await game(WHO, { world: { characters: CHARACTERS } });
    running.run('FriendsFrame:UnregisterEvent("WHO_LIST_UPDATE") SetWhoToUI(1) SendWho("n-abc")');
    running.advance(300);
    expect(running.evaluate("return FriendsFrame:IsShown()")).toEqual([undefined]);
    running.run('FriendsFrame:RegisterEvent("WHO_LIST_UPDATE") SendWho("n-abc")');
    running.advance(300);
    expect(running.evaluate("return FriendsFrame:IsShown(), WhoFrame:IsVisible()")).toEqual([1, 1]);
  });

  it("goes to chat again once the who window was closed, a question under way included", async () => {
    const running = await game(WHO, { world: { characters: CHARACTERS } });
    running.run('ShowWhoPanel() SendWho("n-abc") HideUIPanel(FriendsFrame)');
    running.advance(300);
    expect(seenBy(running).at(-1)).toContain("3 players total");
  });

  it.each([
    ["azerothcore", 60],
    ["trinitycore", 60],
    ["cmangos", 49],
  ] as const)("is cut off at 49; %s tells of %i hits", async (server, total) => {
    const many: Record<string, CharacterInput> = {};
    for (let i = 0; i < 60; i++) {
      many[`Abc${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + Math.floor(i / 26))}`] = {};
    }
    const running = await game(WHO, { world: { server, characters: many } });
    running.run("SendWho('n-abc')");
    running.advance(300);
    expect(running.evaluate("return GetNumWhoResults()")).toEqual([49, total]);
    expect(seenBy(running)).toEqual(["WHO_LIST_UPDATE"]);
  });

  it("can be dropped, late or answered less often than asked, without a word", async () => {
    const running = await game(WHO, { world: { characters: CHARACTERS } });
    running.world.who.addFault({ kind: "dropped" }, { kind: "late", delayMs: 7_000 });
    running.run("SendWho('n-gone')");
    running.advance(1_000);
    expect(seenBy(running)).toEqual([]);
    running.run("SendWho('n-xabc')");
    running.advance(6_000);
    expect(seenBy(running)).toEqual([]);
    running.advance(2_000);
    expect(seenBy(running)).toHaveLength(2);
    running.world.who.minIntervalMs = 5_000;
    running.run("SendWho('n-xabc') SendWho('n-xabc')");
    running.advance(500);
    expect(seenBy(running)).toHaveLength(4);
  });

  it("is as old as the server's list on AzerothCore", async () => {
    const running = await game(`${WHO} SetWhoToUI(1)`, { world: { server: "azerothcore", characters: CHARACTERS } });
    const ask = () => {
      running.run("SendWho('n-abcdef')");
      running.advance(200);
      return running.evaluate("return names()")[0];
    };
    expect(ask()).toBe("Abcdef");
    running.player("Abcdef").goOffline();
    expect(ask()).toBe("Abcdef");
    running.advance(5_000);
    expect(ask()).toBe("");
  });

  it("typed by the streamer looks the same to everybody who listens", async () => {
    const running = await game(WHO, { world: { characters: CHARACTERS } });
    running.command("/who n-xabc");
    running.advance(300);
    expect(seenBy(running)).toHaveLength(2);
  });
});
