import { describe, expect, it } from "vitest";
import { useGames, windowTexts } from "./game-fixture.ts";

const game = useGames();

describe("typing into the chat", () => {
  it("loses what comes before the frame after Enter", async () => {
    const running = await game("");
    running.keyboard.pressEnter();
    running.keyboard.typeKeys("/run early = true");
    running.advance(40);
    running.keyboard.typeKeys("/run late = true");
    running.keyboard.pressEnter();
    expect(running.evaluate("return early, late")).toEqual([undefined, true]);
  });

  it("keeps 255 bytes and drops the rest, which breaks a Lua line", async () => {
    const running = await game("");
    const fits = `/run x="${"a".repeat(255 - 9)}"`;
    running.command(fits);
    expect(running.evaluate("return #x")).toEqual([255 - 9]);
    running.command(fits.replace('"a', '"aa'));
    expect(running.luaErrors).toHaveLength(1);
    expect(running.luaErrors[0]).toMatch(/unfinished string/);
  });

  it("counts bytes, not letters, and never keeps half a letter", async () => {
    const running = await game("");
    running.keyboard.carriesNonAscii = true;
    running.keyboard.pressEnter();
    running.advance(40);
    running.keyboard.typeKeys("Ж".repeat(200));
    expect(running.evaluate("return #ChatFrame1EditBox:GetText()")).toEqual([254]);
  });

  it("turns what the code page lacks into question marks and doubles bars", async () => {
    const running = await game("");
    running.command('/run x = "Ж|"');
    expect(running.evaluate("return x")).toEqual(["?||"]);
  });

  it("sends plain text as speech and closes the box; Enter again opens it anew", async () => {
    const running = await game("");
    running.command("hello  there");
    running.advance(300);
    expect(windowTexts(running).at(-1)).toContain("says: hello there");
    expect(running.keyboard.focus).toBeUndefined();
    running.keyboard.pressEnter();
    expect(running.keyboard.focus).toBe("ChatFrame1EditBox");
  });

  it("throws the text away on Escape", async () => {
    const running = await game("");
    running.keyboard.pressEnter();
    running.advance(40);
    running.keyboard.typeKeys("/run done = true");
    running.keyboard.pressEscape();
    running.keyboard.pressEnter();
    running.advance(40);
    running.keyboard.pressEnter();
    expect(running.evaluate("return done, ChatFrame1EditBox:IsShown()")).toEqual([undefined, undefined]);
  });

  it("runs addons' slash commands and answers unknown ones with the help line", async () => {
    const running = await game('SLASH_PROBE1 = "/probe" SlashCmdList.PROBE = function(text) said = text end');
    running.command("/PROBE  some Text ");
    expect(running.evaluate("return said")).toEqual(["some Text"]);
    running.command("/nonsense");
    expect(windowTexts(running).at(-1)).toMatch(/^Type '\/help'/);
  });

  it("leaves the box open when a slash command raises, so that the next command is lost in it", async () => {
    const running = await game('SLASH_PROBE1 = "/probe" SlashCmdList.PROBE = function() error("oops") end');
    running.command("/probe");
    expect(running.keyboard.focus).toBe("ChatFrame1EditBox");
    running.command("/run done = true");
    expect(running.evaluate("return done")).toEqual([undefined]);
  });

  it("whispers with /w, and the target is taken off the text while typing", async () => {
    const running = await game("", { world: { characters: { Bob: {} } } });
    running.keyboard.pressEnter();
    running.advance(40);
    running.keyboard.typeKeys("/w bob h");
    running.advance(40);
    expect(running.evaluate("return ChatFrame1EditBox:GetText()")).toEqual(["h"]);
    running.keyboard.typeKeys("i");
    running.keyboard.pressEnter();
    running.advance(300);
    expect(running.player("Bob").whispers.map(({ text }) => text)).toEqual(["hi"]);
  });

  it("knows /run in Russian clients too", async () => {
    const running = await game("", { locale: "ruRU" });
    running.command("/run a = 1");
    running.command("/script b = 2");
    expect(running.evaluate("return a, b")).toEqual([1, 2]);
  });

  it("moves the character about when no box is open", async () => {
    const running = await game("");
    running.keyboard.typeKeys("wasd");
    expect(running.records.strayKeys).toBe("wasd");
  });

  it("opens the game menu with Escape, which must be closed again", async () => {
    const running = await game("");
    running.keyboard.pressEscape();
    expect(running.evaluate("return GameMenuFrame:IsShown()")).toEqual([1]);
    running.keyboard.pressEscape();
    expect(running.evaluate("return GameMenuFrame:IsShown()")).toEqual([undefined]);
  });
});

describe("typing elsewhere", () => {
  it("lands in the boxes of the login screen", async () => {
    const running = await game("", { login: false });
    running.command("/run done = true");
    expect(running.keyboard.loginBoxes).toMatchObject({ account: "/run done = true", attempts: 2 });
    running.login();
    expect(running.evaluate("return done")).toEqual([undefined]);
  });

  it("waits while the loading screen is up, and then comes all in one frame", async () => {
    const running = await game("", { loadingMs: 3_000 });
    expect(running.screen).toBe("loading");
    running.command("/run done = true");
    running.advance(3_000);
    expect(running.screen).toBe("world");
    running.advance(100);
    expect(running.evaluate("return done")).toEqual([true]);
  });

  it("goes nowhere when the client is closed", async () => {
    const running = await game("");
    running.crash();
    running.command("/run done = true");
    expect(running.keyboard.loginBoxes.account).toBe("");
  });
});
