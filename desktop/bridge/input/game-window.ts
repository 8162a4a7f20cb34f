import type { FoundWindow } from "./window-system.ts";

/** What the client calls its window in every language but Chinese. */
const TITLE = "World of Warcraft";

/**
 * Whether a window of Windows is the game's. The class names the renderer behind the prefix (`GxWindowClassD3d`,
 * `GxWindowClassOpenGl`), nobody but Blizzard's older games uses it, and realms rename the program and the title.
 */
export function isGameClass(className: string): boolean {
  return /^GxWindowClass/i.test(className);
}

/**
 * Whether a window of X is the game's. Wine passes no class of Windows on: it names both halves of WM_CLASS after the
 * program (`wow.exe`), and Proton after the entry in Steam (`steam_app_12345`). So the client's usual program names
 * count, and under any other Windows program the exact title; a browser that reads about the game is neither.
 */
export function isGameUnderX(window: { readonly classes: readonly string[]; readonly title: string }): boolean {
  const isClient = window.classes.some((name) => /^wow(-?64)?\.exe$/i.test(name));
  const isWindowsProgram = window.classes.some((name) => /\.exe$/i.test(name) || /^steam_(app|proton)/i.test(name));
  return isClient || (isWindowsProgram && window.title === TITLE);
}

/**
 * The window to type into: the only one, or of several the one that the streamer picked. Null when there is none, or
 * when several wait for the streamer. A choice that is gone counts as none: after a restart the game has another window.
 */
export function pickWindow(windows: readonly FoundWindow[], chosenId: string | null): FoundWindow | null {
  const chosen = windows.find(({ id }) => id === chosenId);
  return chosen ?? (windows.length === 1 ? (windows[0] ?? null) : null);
}
