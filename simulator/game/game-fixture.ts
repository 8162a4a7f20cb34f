import { afterEach } from "vitest";
import { type Game, startGame } from "./game.ts";
import type { GameOptions } from "./game-options.ts";
import { type Addon, inlineAddon } from "./vm/toc.ts";

/** An addon of one file for a test. */
export function testAddon(lua: string, tocLines = ""): Addon {
  return inlineAddon("Probe", { "Probe.toc": `## Interface: 30300\n${tocLines}\nProbe.lua\n`, "Probe.lua": lua });
}

/** Starts games that end with the test. To be called once per test file. */
export function useGames(): (lua?: string, options?: Partial<GameOptions>) => Promise<Game> {
  const games: Game[] = [];
  afterEach(() => {
    for (const game of games.splice(0)) game.close();
  });
  return async (lua = "", options = {}) => {
    const game = await startGame({ addons: [testAddon(lua)], ...options });
    games.push(game);
    return game;
  };
}

/** Lua that collects events with their arguments in the global `seen`, one text per event. */
export function listenTo(...events: readonly string[]): string {
  return `
    seen = {}
    local frame = CreateFrame("Frame")
    for _, name in ipairs({ ${events.map((one) => JSON.stringify(one)).join(", ")} }) do frame:RegisterEvent(name) end
    frame:SetScript("OnEvent", function(_, ...)
      local parts = {}
      for index = 1, select("#", ...) do parts[index] = tostring((select(index, ...))) end
      seen[#seen + 1] = table.concat(parts, ",")
    end)`;
}

/** What `listenTo` collected. */
export function seenBy(game: Game): string[] {
  const [count] = game.evaluate("return #seen");
  return Array.from({ length: Number(count) }, (_, index) => String(game.evaluate(`return seen[${index + 1}]`)[0]));
}

/** Lines of the default chat window. */
export function windowTexts(game: Game): string[] {
  return game.records.chatWindows.filter(({ window }) => window === "ChatFrame1").map(({ text }) => text);
}
