import { join } from "node:path";
import type { Machine } from "../settings/data-folder.ts";
import { foldersIn, isFolder } from "./entries.ts";
import { hasGame } from "./game-folder.ts";

/** Names under which people keep the game, and servers hand it out. */
const LIKELY = /wow|warcraft|wotlk|lich|3\.3\.5|warmane|sirus|circle|chromie|azeroth/i;
const DRIVES = "CDEFGHIJKLMNOPQRSTUVWXYZ";
const MOST = 20;

/** Looks where games usually lie, two folders deep; the paths that hold a client. */
export async function findGames(machine: Machine): Promise<string[]> {
  const found: string[] = [];
  for (const place of await usualPlaces(machine)) {
    for (const name of (await foldersIn(place)).filter((one) => LIKELY.test(one))) {
      const folder = join(place, name);
      const inside = (await foldersIn(folder)).filter((one) => LIKELY.test(one)).map((one) => join(folder, one));
      for (const candidate of [folder, ...inside]) {
        if (found.length < MOST && (await hasGame(candidate))) found.push(candidate);
      }
    }
  }
  return [...new Set(found)];
}

/** Folders in which a game's folder may lie. */
async function usualPlaces({ platform, home, variables }: Machine): Promise<string[]> {
  const ofUser = ["", "Games", "games", "Desktop", "Downloads", "Documents"].map((name) => join(home, name));
  if (platform === "win32") {
    const drives = await existing([...DRIVES].map((letter) => `${letter}:\\`));
    const onDrives = drives.flatMap((drive) =>
      ["", "Games", "Program Files", "Program Files (x86)"].map((name) => join(drive, name)),
    );
    return await existing([...onDrives, ...ofUser]);
  }
  if (platform === "darwin") return await existing(["/Applications", "/Applications/Games", ...ofUser]);
  const prefixes = [variables.WINEPREFIX, join(home, ".wine")].filter((one) => one !== undefined);
  const inWine = prefixes.flatMap((prefix) =>
    ["", "Games", "Program Files", "Program Files (x86)"].map((name) => join(prefix, "drive_c", name)),
  );
  return await existing([...inWine, ...ofUser, join(home, ".local", "share", "games"), "/opt", "/games", "/mnt/games"]);
}

async function existing(places: readonly string[]): Promise<string[]> {
  const are = await Promise.all(places.map(isFolder));
  return [...new Set(places)].filter((place) => are[places.indexOf(place)]);
}
