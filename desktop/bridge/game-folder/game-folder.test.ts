import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Machine } from "../settings/data-folder.ts";
import { findGames } from "./find-games.ts";
import { findLog, inspectGameFolder } from "./game-folder.ts";
import { listFolder } from "./list-folder.ts";

let home: string;
let machine: Machine;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "mgm-game-"));
  machine = { platform: "linux", home, variables: {} };
});
afterEach(() => rm(home, { recursive: true }));

async function put(...names: readonly string[]): Promise<string> {
  const path = join(home, ...names);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "");
  return path;
}

describe("a game folder", () => {
  it("has game, addon and log, whatever case Wine gave their names", async () => {
    await put("WoW", "WOW.EXE");
    await put("WoW", "interface", "addons", "MimironsGoldOMatic", "MimironsGoldOMatic.toc");
    const log = await put("WoW", "logs", "wowchatlog.txt");
    expect(await inspectGameFolder({ gameFolder: join(home, "WoW"), logPath: "" }, machine)).toEqual({
      hasGame: true,
      hasAddon: true,
      logPath: log,
      hasLog: true,
    });
  });

  it("says where the log will be when the game has not logged yet", async () => {
    await put("WoW", "Wow.exe");
    expect(await inspectGameFolder({ gameFolder: join(home, "WoW"), logPath: "" }, machine)).toEqual({
      hasGame: true,
      hasAddon: false,
      logPath: join(home, "WoW", "Logs", "WoWChatLog.txt"),
      hasLog: false,
    });
  });

  it("may be anything", async () => {
    for (const gameFolder of ["", home, join(home, "nowhere"), await put("a file")]) {
      expect(await inspectGameFolder({ gameFolder, logPath: "" }, machine)).toMatchObject({
        hasGame: false,
        hasLog: false,
      });
    }
  });
});

describe("the log's path", () => {
  it("is a file, its folder, or the game's folder", async () => {
    await put("WoW", "Wow.exe");
    const log = await put("WoW", "Logs", "WoWChatLog.txt");
    for (const logPath of [log, dirname(log), join(home, "WoW")]) {
      expect(await findLog({ gameFolder: "", logPath }, machine)).toBe(log);
    }
    expect(await findLog({ gameFolder: "", logPath: "" }, machine)).toBeNull();
  });

  it("may be of what is not there yet", async () => {
    const folder = join(home, "later");
    expect(await findLog({ gameFolder: "", logPath: folder }, machine)).toBe(join(folder, "WoWChatLog.txt"));
    expect(await findLog({ gameFolder: "", logPath: join(folder, "my.log") }, machine)).toBe(join(folder, "my.log"));
    expect(await findLog({ gameFolder: folder, logPath: "" }, machine)).toBe(join(folder, "Logs", "WoWChatLog.txt"));
  });

  it("on Windows is the copy that grows, the user's own one or that beside the game", async () => {
    const gameFolder = join(home, "Program Files", "WoW");
    await put("Program Files", "WoW", "Wow.exe");
    const here = await put("Program Files", "WoW", "Logs", "WoWChatLog.txt");
    const variables = { LOCALAPPDATA: join(home, "local") };
    const virtual = await put("local", "VirtualStore", gameFolder, "Logs", "WoWChatLog.txt");
    const windows: Machine = { platform: "win32", home, variables };
    await utimes(here, 1_000, 1_000);
    await utimes(virtual, 2_000, 2_000);
    expect(await findLog({ gameFolder, logPath: "" }, windows)).toBe(virtual);
    await utimes(here, 3_000, 3_000);
    expect(await findLog({ gameFolder, logPath: "" }, windows)).toBe(here);
    await rm(here);
    expect(await findLog({ gameFolder, logPath: "" }, windows)).toBe(virtual);
  });
});

it("finds games where people keep them", async () => {
  await put("Games", "World of Warcraft 3.3.5a", "Wow.exe");
  await put(".wine", "drive_c", "Program Files (x86)", "Warmane", "WoW 3.3.5a", "wow.exe");
  await put("Games", "wow screenshots", "a.jpg");
  await put("Games", "Another game", "Wow.exe");
  expect((await findGames(machine)).toSorted()).toEqual([
    join(home, ".wine", "drive_c", "Program Files (x86)", "Warmane", "WoW 3.3.5a"),
    join(home, "Games", "World of Warcraft 3.3.5a"),
  ]);
});

describe("a folder that is listed", () => {
  it("shows the folders in it, linked ones too, by name, and the way up", async () => {
    await put("place", "beta", "x");
    await put("place", "Alpha", "x");
    await put("place", "file");
    await put("place", ".hidden", "x");
    await symlink(join(home, "place", "beta"), join(home, "place", "gamma"));
    const place = join(home, "place");
    expect(await listFolder(`${place}/beta/..`, machine)).toEqual({
      path: place,
      parent: home,
      folders: ["Alpha", "beta", "gamma"].map((name) => join(place, name)),
    });
  });

  it("begins at places, which are above every root", async () => {
    const top = await listFolder("", machine);
    expect(top).toMatchObject({ path: "", parent: null });
    expect(top?.folders).toContain(home);
    expect((await listFolder("/", machine))?.parent).toBe("");
  });

  it.each(["relative", "/no/such/folder"])("is none: %s", async (path) => {
    expect(await listFolder(path, machine)).toBeNull();
  });
});
