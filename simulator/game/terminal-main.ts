import { parseArgs } from "node:util";
import { startGame } from "./game.ts";
import { installedIn } from "./game-options.ts";
import { runRealtime } from "./realtime.ts";
import { attachTerminal } from "./terminal.ts";

/*
 * node --import tsx simulator/game/terminal-main.ts --addon addon/MimironsGoldOMatic --folder /tmp/wow [--locale ruRU]
 */

const { values } = parseArgs({
  options: {
    addon: { type: "string", multiple: true },
    folder: { type: "string" },
    locale: { type: "string", default: "enUS" },
    server: { type: "string", default: "trinitycore" },
    seed: { type: "string", default: "1" },
  },
});
const { addon = [], folder, locale, server, seed } = values;
if (server !== "azerothcore" && server !== "trinitycore" && server !== "cmangos")
  throw new Error(`no server ${server}`);
const game = await startGame({
  addons: addon,
  locale: locale === "ruRU" ? "ruRU" : "enUS",
  world: { server, seed: Number(seed) },
  startMs: Date.now(),
  ...(folder === undefined ? {} : installedIn(folder)),
});
const stopTime = runRealtime(game);
const detach = attachTerminal(game, process.stdin, process.stdout);
process.stdin.on("end", () => {
  detach();
  stopTime();
  game.quit();
});
