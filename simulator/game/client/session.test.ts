import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startGame } from "../game.ts";
import { listenTo, seenBy, testAddon, useGames } from "../game-fixture.ts";
import { memorySavedVariables } from "../vm/saved-variables.ts";
import { inlineAddon } from "../vm/toc.ts";

const game = useGames();
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const SAVING = "## SavedVariables: ProbeDB\n## SavedVariablesPerCharacter: ProbeCharDB";

describe("loading", () => {
  it("runs the files in the .toc's order, each with the addon's name and one shared table", async () => {
    const addon = inlineAddon("Two", {
      "Two.toc": "## Interface: 30300\n# a comment\n\nSub\\A.lua\r\nB.lua\n",
      "Sub/A.lua": "local name, ns = ... ns.order = name .. ':A'",
      "B.lua": "local name, ns = ... result = ns.order .. 'B'",
    });
    const running = await game("", { addons: [addon] });
    expect(running.evaluate("return result")).toEqual(["Two:AB"]);
  });

  it("refuses another interface version and files that it cannot read", () => {
    expect(() => inlineAddon("X", { "X.toc": "## Interface: 100000\n" })).toThrow(/out of date/);
    expect(() => inlineAddon("X", { "X.toc": "## Interface: 30300\nX.xml\n" })).toThrow(/Lua files only/);
    expect(() => inlineAddon("X", { "X.toc": "## Interface: 30300\nY.lua\n" })).toThrow(/no file/);
  });

  it("raises the events of a login in order", async () => {
    const names = ["ADDON_LOADED", "VARIABLES_LOADED", "PLAYER_LOGIN", "PLAYER_ENTERING_WORLD"];
    const running = await game(listenTo(...names));
    expect(seenBy(running)).toEqual(["ADDON_LOADED,Probe", ...names.slice(1)]);
    expect(running.luaErrors).toEqual([]);
  });

  it("collects errors of files and of scripts with their place, and goes on", async () => {
    const running = await game(
      `local f = CreateFrame("Frame") f:RegisterEvent("PLAYER_LOGIN")
       f:SetScript("OnEvent", function() error("in a script") end)
       error("in a file")`,
    );
    expect(running.luaErrors).toHaveLength(2);
    expect(running.luaErrors[0]).toMatch(/Probe\\Probe\.lua:3: in a file/);
    expect(running.luaErrors[1]).toMatch(/Probe\.lua:2: in a script[\s\S]*traceback/);
  });

  it("ends an endless loop of an addon, and only that call", async () => {
    const running = await game("SLASH_X1 = '/x' SlashCmdList.X = function() while true do end end");
    running.command("/x");
    expect(running.luaErrors[0]).toMatch(/too long/);
    expect(running.evaluate("return 1 + 1")).toEqual([2]);
  });
});

describe("time", () => {
  it("is virtual: GetTime, time, date and debugprofilestop move with the frames only", async () => {
    const running = await game("", { startMs: Date.UTC(2026, 3, 4, 23, 59, 59) });
    const read = () => running.evaluate('return GetTime(), time(), date("!%Y-%m-%dT%H:%M:%SZ"), debugprofilestop()');
    const before = read();
    expect(read()).toEqual(before);
    expect(before[2]).toBe("2026-04-04T23:59:59Z");
    running.advance(1_000);
    const after = read();
    expect(Number(after[0]) - Number(before[0])).toBeCloseTo(1, 6);
    expect(Number(after[3]) - Number(before[3])).toBeCloseTo(1_000, 3);
    expect(after[2]).toBe("2026-04-05T00:00:00Z");
  });

  it("comes in frames of the frame rate, and only shown frames get them", async () => {
    const running = await game(
      `count, total, hidden = 0, 0, 0
       CreateFrame("Frame"):SetScript("OnUpdate", function(_, e) count, total = count + 1, total + e end)
       local h = CreateFrame("Frame") h:Hide() h:SetScript("OnUpdate", function() hidden = hidden + 1 end)`,
      { framesPerSecond: 20 },
    );
    running.advance(1_000);
    const [count, total, hidden] = running.evaluate("return count, total, hidden");
    expect([count, hidden]).toEqual([20, 0]);
    expect(Number(total)).toBeCloseTo(1, 6);
  });
});

describe("saved variables", () => {
  const lua = `
    local f = CreateFrame("Frame") f:RegisterEvent("ADDON_LOADED") f:RegisterEvent("PLAYER_LOGOUT")
    f:SetScript("OnEvent", function(_, e)
      if e == "ADDON_LOADED" then
        ProbeDB = ProbeDB or { runs = 0, ["ключ"] = "строка\\n\\"\\\\", list = { 1, "two", { deep = true } } }
        ProbeDB.runs = ProbeDB.runs + 1
        ProbeCharDB = ProbeCharDB or 0.1
      else ProbeDB.left = true end
    end)`;

  it("are written at logout and at reload, with what PLAYER_LOGOUT put in, and are there at the next start", async () => {
    const store = memorySavedVariables();
    const running = await game("", { addons: [testAddon(lua, SAVING)], savedVariables: store });
    running.logout();
    expect(store.read("Probe")).toContain('\t["left"] = true,\r\n');
    expect(store.read("Probe")).toContain('\t["ключ"] = "строка\\n\\"\\\\",\r\n');
    running.login();
    running.reload();
    const [runs, text, two, deep] = running.evaluate(
      'return ProbeDB.runs, ProbeDB["ключ"], ProbeDB.list[2], ProbeDB.list[3].deep',
    );
    expect([runs, text, two, deep]).toEqual([3, 'строка\n"\\', "two", true]);
    expect(running.evaluate("return ProbeCharDB")).toEqual([0.1]);
    expect(running.luaErrors).toEqual([]);
  });

  it("are not written by a crash", async () => {
    const running = await game("", { addons: [testAddon(lua, SAVING)] });
    running.logout();
    running.login();
    expect(running.evaluate("return ProbeDB.runs")).toEqual([2]);
    running.crash();
    expect(running.screen).toBe("closed");
    running.login();
    expect(running.evaluate("return ProbeDB.runs")).toEqual([2]);
  });

  it("keep bytes that are no UTF-8, leave out functions and frames, and survive circles", async () => {
    const source = `ProbeDB = { cut = ("Ж"):sub(1, 1), f = print, frame = CreateFrame("Frame"), nan = 0/0, big = 2^53 }
      ProbeDB.self = ProbeDB`;
    const folder = mkdtempSync(join(tmpdir(), "saved-"));
    folders.push(folder);
    const first = await game("", { addons: [testAddon(source, SAVING)], savedVariables: folder });
    first.quit();
    const second = await startGame({ addons: [testAddon("", SAVING)], savedVariables: folder });
    expect(second.evaluate("return #ProbeDB.cut, ProbeDB.cut:byte(), ProbeDB.f, ProbeDB.frame, ProbeDB.self")).toEqual([
      1,
      0xd0,
      undefined,
      undefined,
      undefined,
    ]);
    expect(second.evaluate("return ProbeDB.big == 2^53, ProbeDB.nan ~= ProbeDB.nan")).toEqual([true, true]);
    second.close();
  });
});

describe("leaving", () => {
  it("is what /reload and /logout do after the frame, not inside the call", async () => {
    const running = await game("");
    running.run("ReloadUI() marker = true");
    expect(running.evaluate("return marker")).toEqual([true]);
    running.advance(50);
    expect(running.evaluate("return marker")).toEqual([undefined]);
    running.command("/logout");
    expect(running.screen).toBe("login");
    expect(() => running.evaluate("return 1")).toThrow(/not in the world/);
  });
});

describe("the API", () => {
  it.each([
    ...["C_Timer", "C_Mail", "C_Container", "C_ChatInfo", "C_FriendList", "Mixin", "CreateFromMixins", "IsInGroup"],
    ...["RegisterAddonMessagePrefix", "io", "os", "require", "dofile", "loadfile", "debug", "package", "module"],
    ...["JoinChannelByName", "HasSendMailItem", "IsCommandPending", "Ambiguate", "strcmputf8i", "GetItemInfoInstant"],
  ])("lacks %s", async (name) => {
    const running = await game("");
    expect(running.evaluate(`return type(_G["${name}"])`)).toEqual(["nil"]);
  });

  it("has what it does not simulate, and says so when it is called", async () => {
    const running = await game("");
    const [there, message] = running.evaluate("return type(GetAuctionItemInfo), select(2, pcall(GetAuctionItemInfo))");
    expect([there, message]).toEqual(["function", expect.stringContaining("GetAuctionItemInfo is not simulated")]);
    expect(running.evaluate('return (pcall(CreateFrame("Frame").CreateAnimationGroup))')).toEqual([false]);
  });

  it("gives textures and texts no scripts", async () => {
    const running = await game("");
    expect(
      running.evaluate("return UIParent:CreateTexture().SetScript, UIParent:CreateFontString().SetScript"),
    ).toEqual([undefined, undefined]);
  });

  it("lacks widget methods of later clients", async () => {
    const running = await game("");
    const methods =
      '"SetShown", "SetColorTexture", "SetResizeBounds", "RegisterUnitEvent", "SetPropagateKeyboardInput"';
    expect(
      running.evaluate(
        `local f, t = CreateFrame("Button"), UIParent:CreateTexture()
         for _, m in ipairs({ ${methods} }) do if f[m] or t[m] then return m end end return "none"`,
      ),
    ).toEqual(["none"]);
  });

  it.each(["CastSpellByName", "RunMacro", "RunMacroText", "TargetUnit"])("forbids %s to addons", async (name) => {
    const running = await game(listenTo("ADDON_ACTION_FORBIDDEN"));
    running.command(`/run ${name}("x")`);
    expect(seenBy(running)).toEqual([`ADDON_ACTION_FORBIDDEN,Probe,${name}()`]);
    expect(running.records.forbidden).toEqual([name]);
  });

  it("calls it blocked instead of forbidden while fighting", async () => {
    const running = await game(listenTo("ADDON_ACTION_FORBIDDEN", "ADDON_ACTION_BLOCKED"));
    if (running.session !== undefined) running.session.client.state.inCombat = true;
    running.run('TargetUnit("player")');
    expect(running.evaluate("return InCombatLockdown()")).toEqual([1]);
    expect(seenBy(running)).toEqual(["ADDON_ACTION_BLOCKED,Probe,TargetUnit()"]);
  });

  it("has the string helpers of the client, which count bytes", async () => {
    const running = await game("");
    expect(running.evaluate('return #"Юля", strlenutf8("Юля"), strtrim("  a b "), strsplit(",", "a,b,,c", 3)')).toEqual(
      [6, 3, "a b", "a", "b", ",c"],
    );
    expect(
      running.evaluate('return strjoin("-", 1, "x", true), format("%2$s %1$s", "a", "b"), bit.bxor(5, 1)'),
    ).toEqual(["1-x-true", "b a", 4]);
    expect(running.evaluate('return ("ПРИВЕТ"):lower() == "привет", ("!TWGOLD"):lower()')).toEqual([false, "!twgold"]);
  });

  it("hooks functions after the original, which cannot be changed by the hook", async () => {
    const running = await game("");
    running.run(
      `order = ""
       function Original(a) order = order .. "o" .. a return 1, nil, 3 end
       hooksecurefunc("Original", function(a) order = order .. "h" .. a return "other" end)
       count = select("#", Original("x"))`,
    );
    expect(running.evaluate("return order, count")).toEqual(["oxhx", 3]);
  });

  it("tells who and where the streamer is", async () => {
    const running = await game("", {
      locale: "ruRU",
      world: { realm: "Цитадель", streamer: { name: "мимирон", faction: "Horde" } },
    });
    expect(running.evaluate("return GetLocale(), GetRealmName(), UnitName('player')")).toEqual([
      "ruRU",
      "Цитадель",
      "Мимирон",
      undefined,
    ]);
    expect(running.evaluate("return UnitFactionGroup('player')")).toEqual(["Horde", "Орда"]);
    expect(running.evaluate("return CHAT_WHISPER_GET, WHO_TAG_NAME, select(4, GetBuildInfo())")).toEqual([
      "%s шепчет: ",
      "и-",
      30_300,
    ]);
  });
});
