import { describe, expect, it } from "vitest";
import { listenTo, seenBy, useGames, windowTexts } from "../game-fixture.ts";
import type { ServerPersonality } from "./personality.ts";

const game = useGames();
const CHARACTERS = {
  Bob: {},
  Bobby: {},
  Гном: {},
  Ghost: { online: false },
  Hidden: { invisible: true },
  Orc: { faction: "Horde" },
} as const;
type ServerName = ServerPersonality["name"];
const SERVERS: readonly ServerName[] = ["azerothcore", "trinitycore", "cmangos"];

const WHISPERS = listenTo(
  "CHAT_MSG_WHISPER",
  "CHAT_MSG_WHISPER_INFORM",
  "CHAT_MSG_SYSTEM",
  "CHAT_MSG_AFK",
  "CHAT_MSG_IGNORED",
);

describe("a whisper", () => {
  it("comes back as an echo, with the server's spelling of the name, line id and guid", async () => {
    const running = await game(WHISPERS, { world: { characters: CHARACTERS } });
    running.run('SendChatMessage("hi", "WHISPER", nil, "bOB")');
    running.advance(500);
    expect(seenBy(running)).toEqual([
      `CHAT_MSG_WHISPER_INFORM,hi,Bob,Common,,,,0,0,,0,1,${running.player("Bob").character.guid}`,
    ]);
    expect(running.player("Bob").whispers).toMatchObject([{ from: "Norinn", text: "hi" }]);
  });

  it("arrives with text, sender and flag, in every alphabet, spaces kept at the ends", async () => {
    const running = await game(WHISPERS, { world: { characters: CHARACTERS } });
    running.player("гном").whisper(" !TwGold ");
    running.player("Bob", { afk: "brb" }).whisper("x");
    running.advance(500);
    expect(running.evaluate("return seen[1]:match('^CHAT_MSG_WHISPER,( !TwGold ),Гном,Common,,,,')")).toEqual([
      " !TwGold ",
    ]);
    expect(seenBy(running)[1]).toMatch(/^CHAT_MSG_WHISPER,x,Bob,Common,,,AFK,/);
  });

  it.each([
    ["Ghost", "No player named 'Ghost' is currently playing."],
    ["Hidden", "No player named 'Hidden' is currently playing."],
    ["Nobody", "No player named 'Nobody' is currently playing."],
    ["Orc", "You can only whisper to members of your alliance."],
  ])("to %s is answered by a system line, in the client's language", async (name, text) => {
    const running = await game(WHISPERS, { world: { characters: CHARACTERS } });
    running.run(`SendChatMessage("hi", "WHISPER", nil, "${name}")`);
    running.advance(500);
    expect(seenBy(running)).toEqual([expect.stringContaining(`CHAT_MSG_SYSTEM,${text},`)]);
    const russian = await game(WHISPERS, { world: { characters: CHARACTERS }, locale: "ruRU" });
    russian.run(`SendChatMessage("hi", "WHISPER", nil, "Ghost")`);
    russian.advance(500);
    expect(seenBy(russian)[0]).toContain('Персонаж по имени "Ghost" в игре не найден.');
  });

  it("to somebody away is delivered and answered for him; to somebody who ignores, not delivered", async () => {
    const running = await game(WHISPERS, { world: { characters: { Bob: { afk: "lunch" }, Ann: {} } } });
    running.player("Ann").character.ignores.add("Norinn");
    running.run('SendChatMessage("a", "WHISPER", nil, "Bob") SendChatMessage("b", "WHISPER", nil, "Ann")');
    running.advance(500);
    expect(seenBy(running).map((one) => one.split(",").slice(0, 3))).toEqual([
      ["CHAT_MSG_WHISPER_INFORM", "a", "Bob"],
      ["CHAT_MSG_AFK", "lunch", "Bob"],
      ["CHAT_MSG_IGNORED", "", "Ann"],
    ]);
    expect(running.player("Ann").whispers).toEqual([]);
  });

  it("to oneself gives both events and both lines of the log", async () => {
    const running = await game(`${WHISPERS} LoggingChat(true)`);
    running.run('SendChatMessage("me", "WHISPER", nil, UnitName("player"))');
    running.advance(500);
    expect(seenBy(running).map((one) => one.split(",")[0])).toEqual(["CHAT_MSG_WHISPER", "CHAT_MSG_WHISPER_INFORM"]);
    running.logout();
    expect(running.logTexts()).toEqual(["Norinn whispers: me", "To Norinn: me"]);
  });

  it("is seen once per chat window by the filters, but once by an event frame", async () => {
    const running = await game(
      `${WHISPERS} calls = 0
       ChatFrame_AddMessageGroup(ChatFrame3, "WHISPER")
       ChatFrame_AddMessageEventFilter("CHAT_MSG_WHISPER", function(_, _, text, ...)
         calls = calls + 1
         if text == "hide" then return true end
         return false, text .. "!", ...
       end)`,
      { world: { characters: CHARACTERS } },
    );
    running.player("Bob").whisper("hide");
    running.player("Bob").whisper("show");
    running.advance(500);
    expect(running.evaluate("return calls")).toEqual([4]);
    expect(seenBy(running)).toHaveLength(2);
    const shown = running.records.chatWindows.map(
      ({ window, text }) => `${window} ${text.replace(/\|H.*?\|h|\|h/g, "")}`,
    );
    expect(shown).toEqual(["ChatFrame1 [Bob] whispers: show!", "ChatFrame3 [Bob] whispers: show!"]);
  });

  it.each([
    ["lost", 0, 0],
    ["late", 1, 1],
    ["echo_lost", 1, 0],
    ["echo_twice", 1, 2],
  ] as const)("can meet a fault: %s", async (kind, delivered, echoes) => {
    const running = await game(listenTo("CHAT_MSG_WHISPER_INFORM"), { world: { characters: CHARACTERS } });
    running.world.chat.addFault(kind === "late" ? { kind, delayMs: 5_000 } : { kind });
    running.run('SendChatMessage("hi", "WHISPER", nil, "Bob")');
    running.advance(4_000);
    if (kind === "late") expect(seenBy(running)).toEqual([]);
    running.advance(4_000);
    expect(running.player("Bob").whispers).toHaveLength(delivered);
    expect(seenBy(running)).toHaveLength(echoes);
  });

  it("needs a level on some servers, save to oneself", async () => {
    const running = await game(WHISPERS, { world: { streamer: { level: 5 }, characters: CHARACTERS } });
    running.world.chat.minWhisperLevel = 10;
    running.run('SendChatMessage("a", "WHISPER", nil, "Bob") SendChatMessage("b", "WHISPER", nil, "Norinn")');
    running.advance(500);
    expect(running.player("Bob").whispers).toEqual([]);
    expect(running.records.screenMessages).toEqual(["You must be at least level 10 to whisper."]);
    expect(seenBy(running).filter((one) => one.startsWith("CHAT_MSG_WHISPER,"))).toHaveLength(1);
  });

  it("of a game master does not reach the windows, but the events", async () => {
    const running = await game(WHISPERS, { world: { characters: { Boss: { gm: true } } } });
    running.player("Boss").whisper("hello");
    running.advance(500);
    expect(windowTexts(running)).toEqual([]);
    expect(seenBy(running)[0]).toMatch(/,GM,/);
  });
});

describe("texts that a server treats in its own way", () => {
  it.each([
    ["azerothcore", []],
    ["trinitycore", ["!twgold"]],
    ["cmangos", []],
  ] as const)("%s and an exclamation mark in front", async (server, arrived) => {
    const running = await game(WHISPERS, { world: { server, characters: CHARACTERS } });
    running.player("Bob").whisper("!twgold");
    running.player("Bob").whisper("twgold");
    running.player("Bob").whisper("!!twgold");
    running.advance(500);
    const texts = seenBy(running).map((one) => one.split(",")[1]);
    expect(texts).toEqual([...arrived, "twgold", "!!twgold"]);
  });

  it("a game master's command is swallowed on every server, and he is told", async () => {
    for (const server of SERVERS) {
      const running = await game(WHISPERS, { world: { server, streamer: { gm: true } } });
      running.run('SendChatMessage("!twgold", "WHISPER", nil, "Norinn")');
      running.advance(500);
      expect(seenBy(running)).toEqual([expect.stringContaining("There is no such command")]);
    }
  });

  it.each([
    ["azerothcore", undefined],
    ["trinitycore", undefined],
    ["cmangos", 255],
  ] as const)("%s and more than 255 bytes", async (server, length) => {
    const running = await game("", { world: { server, characters: CHARACTERS } });
    running.run('SendChatMessage(("a"):rep(256), "WHISPER", nil, "Bob")');
    running.advance(500);
    expect(running.player("Bob").whispers[0]?.text.length).toBe(length);
    running.run('SendChatMessage(("Ж"):rep(127), "WHISPER", nil, "Bob")');
    running.advance(500);
    expect(running.player("Bob").whispers.at(-1)?.text).toBe("Ж".repeat(127));
  });

  it.each([
    ["azerothcore", 12],
    ["trinitycore", 9],
    ["cmangos", 9],
  ] as const)("%s and a flood", async (server, delivered) => {
    const running = await game("", { world: { server, characters: CHARACTERS } });
    for (let i = 0; i < 12; i++) {
      running.run(`SendChatMessage("m${i}", "WHISPER", nil, "Bob")`);
      running.advance(200);
    }
    expect(running.player("Bob").whispers).toHaveLength(delivered);
    running.advance(11_000);
    for (let i = 0; i < 12; i++) {
      running.run(`SendChatMessage("n${i}", "WHISPER", nil, "Bob")`);
      running.advance(1_100);
    }
    expect(running.player("Bob").whispers).toHaveLength(delivered + 12);
  });

  it("drops bars that break links, joins spaces, and cuts at a line end", async () => {
    const running = await game("", { world: { characters: CHARACTERS } });
    running.run(
      `SendChatMessage("a|0b", "WHISPER", nil, "Bob") SendChatMessage("a\\001b", "WHISPER", nil, "Bob")
       SendChatMessage("a   b\\nc", "WHISPER", nil, "Bob")`,
    );
    running.advance(500);
    expect(running.player("Bob").whispers.map(({ text }) => text)).toEqual(["a b"]);
  });
});

describe("channels", () => {
  it("are joined with delay and send to everybody in them, the sender too", async () => {
    const running = await game(listenTo("CHAT_MSG_CHANNEL", "CHAT_MSG_CHANNEL_NOTICE"), {
      world: { characters: CHARACTERS },
    });
    running.run('JoinTemporaryChannel("own") early = GetChannelName("own")');
    running.advance(500);
    running.run('SendChatMessage("ping", "CHANNEL", nil, GetChannelName("own"))');
    running.advance(500);
    expect(running.evaluate('return early, GetChannelName("own")')).toEqual([0, 1, "own", 0]);
    expect(seenBy(running)[0]).toMatch(/^CHAT_MSG_CHANNEL_NOTICE,YOU_JOINED,/);
    expect(seenBy(running)[1]).toMatch(/^CHAT_MSG_CHANNEL,ping,Norinn,Common,1\. own,/);
  });
});

describe("a run", () => {
  it("repeats for the same seed and differs for another", async () => {
    const times = async (seed: number) => {
      const running = await game("", { world: { seed, characters: CHARACTERS }, framesPerSecond: 1_000 });
      running.run('SendChatMessage("a", "WHISPER", nil, "Bob") x = math.random()');
      running.advance(200);
      return [running.player("Bob").whispers[0]?.atMs, running.evaluate("return x")[0]];
    };
    expect(await times(7)).toEqual(await times(7));
    expect(await times(7)).not.toEqual(await times(8));
  });
});
