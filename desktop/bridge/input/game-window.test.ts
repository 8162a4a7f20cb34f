import { describe, expect, it } from "vitest";
import { isGameClass, isGameUnderX, pickWindow } from "./game-window.ts";
import type { FoundWindow } from "./window-system.ts";

const TITLE = "World of Warcraft";

describe("a window of Windows", () => {
  it.each(["GxWindowClassD3d", "GxWindowClassD3d9Ex", "GxWindowClassOpenGl", "gxwindowclassd3d"])(
    "%s is the game's",
    (name) => {
      expect(isGameClass(name)).toBe(true);
    },
  );

  it.each(["MozillaWindowClass", "MyGxWindowClassD3d", ""])("%j is not", (name) => {
    expect(isGameClass(name)).toBe(false);
  });
});

describe("a window of X", () => {
  it.each([
    [["wow.exe", "wow.exe"], TITLE],
    [["Wow.exe", "Wow.exe"], "魔兽世界"],
    [["wow-64.exe", "wow-64.exe"], TITLE],
    [["realm-client.exe", "realm-client.exe"], TITLE],
    [["steam_app_4242", "steam_app_4242"], TITLE],
  ])("%j is the game's", (classes, title) => {
    expect(isGameUnderX({ classes, title })).toBe(true);
  });

  it.each([
    [["Navigator", "firefox"], TITLE],
    [["launcher.exe", "launcher.exe"], "World of Warcraft Launcher"],
    [["wowerror.exe", "wowerror.exe"], "Error"],
    [["notepad.exe", "notepad.exe"], "wow.exe - Notepad"],
  ])("%j is not", (classes, title) => {
    expect(isGameUnderX({ classes, title })).toBe(false);
  });
});

describe("of several windows", () => {
  const window = (handle: number): FoundWindow => ({ id: `1:${handle}`, handle, title: TITLE, processId: 1 });

  it("the only one is picked, whatever was chosen before", () => {
    expect(pickWindow([window(1)], null)).toEqual(window(1));
    expect(pickWindow([window(1)], "1:9")).toEqual(window(1));
  });

  it("the chosen one is picked, and none without a choice, or when it is gone", () => {
    expect(pickWindow([window(1), window(2)], "1:2")).toEqual(window(2));
    expect(pickWindow([window(1), window(2)], null)).toBeNull();
    expect(pickWindow([window(1), window(2)], "1:9")).toBeNull();
  });

  it("none of none is picked", () => {
    expect(pickWindow([], "1:1")).toBeNull();
  });
});
