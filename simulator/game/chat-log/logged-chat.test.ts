import { describe, expect, it } from "vitest";
import { useGames, windowTexts } from "../game-fixture.ts";

const game = useGames();
const CHARACTERS = { Bob: {}, Гном: {} } as const;

describe("the chat log of a running game", () => {
  it("is off at login, gets whispers, speech and system text, and not what AddMessage prints", async () => {
    const running = await game("", { world: { characters: CHARACTERS } });
    running.run('SendSystemMessage("too early")');
    running.run('LoggingChat(true) print("printed") ChatFrame1:AddMessage("added") SendSystemMessage("[MGM_X] #1")');
    running.player("Bob").whisper("psst");
    running.player("Bob").say("all");
    running.player("Bob").say("raid!", "RAID_WARNING");
    running.run('SendChatMessage("out", "WHISPER", nil, "Bob")');
    running.advance(500);
    expect(running.evaluate("return LoggingChat()")).toEqual([1]);
    expect(running.logBytes().length).toBe(0);
    running.run("LoggingChat(false)");
    expect(running.evaluate("return LoggingChat()")).toEqual([undefined]);
    expect(running.logTexts()).toEqual([
      "[MGM_X] #1",
      "Bob whispers: psst",
      "Bob says: all",
      "[Raid Warning] Bob: raid!",
      "To Bob: out",
    ]);
    running.logout();
    running.login();
    expect(running.evaluate("return LoggingChat()")).toEqual([undefined]);
  });

  it("has the Russian shapes in a Russian client", async () => {
    const running = await game("LoggingChat(true)", { locale: "ruRU", world: { characters: CHARACTERS } });
    running.player("Гном").whisper("привет");
    running.run('SendChatMessage("и тебе", "WHISPER", nil, "Гном")');
    running.advance(500);
    running.logout();
    expect(running.logTexts()).toEqual(["Гном шепчет: привет", "Вы шепчете |3-2(Гном): и тебе"]);
  });

  it("logs a line that a filter hides, and where the client insists on a window, only what one listens to", async () => {
    const hide = `LoggingChat(true)
      ChatFrame_AddMessageEventFilter("CHAT_MSG_SYSTEM", function() return true end)`;
    const running = await game(hide, { logNeedsWindow: true });
    running.run('SendSystemMessage("hidden")');
    expect(windowTexts(running)).toEqual([]);
    running.run('ChatFrame_RemoveMessageGroup(ChatFrame1, "SYSTEM") SendSystemMessage("nobody listens")');
    running.logout();
    expect(running.logTexts()).toEqual(["hidden"]);
  });

  it("stays silent after a reload on a client whose handle died, until it is switched off and on", async () => {
    const running = await game("", { deadAfterReload: true });
    running.run('LoggingChat(true) SendSystemMessage("one")');
    running.reload();
    running.run('alive = LoggingChat() SendSystemMessage("two")');
    expect(running.evaluate("return alive")).toEqual([1]);
    running.run('LoggingChat(false) LoggingChat(true) SendSystemMessage("three")');
    running.logout();
    expect(running.logTexts()).toEqual(["one", "three"]);
  });

  it("can be filled up to a block by system text", async () => {
    const running = await game("LoggingChat(true)", { flushOnToggle: false });
    running.run('SendSystemMessage("first") LoggingChat(false) LoggingChat(true)');
    expect(running.logBytes().length).toBe(0);
    running.run('for i = 1, 49 do SendSystemMessage(("."):rep(1000)) end');
    expect(running.logBytes().length).toBe(49_152);
    expect(running.logTexts()[0]).toBe("first");
  });
});
