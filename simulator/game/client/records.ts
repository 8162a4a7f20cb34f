/** What the simulator notes about a run, for tests to look at. */
export type GameRecords = {
  /** Errors in Lua that nobody caught, with tracebacks. */
  readonly luaErrors: string[];
  /** Lines of the chat windows, as AddMessage got them. */
  readonly chatWindows: { readonly window: string; readonly text: string }[];
  /** Protected functions that were called all the same. */
  readonly forbidden: string[];
  /** Texts across the screen: UIErrorsFrame, RaidWarningFrame, notices. */
  readonly screenMessages: string[];
  readonly sounds: string[];
  /** Characters typed into the world, where they are key bindings. */
  strayKeys: string;
  screenshots: number;
};

/** Empty records. */
export function createRecords(): GameRecords {
  return {
    luaErrors: [],
    chatWindows: [],
    forbidden: [],
    screenMessages: [],
    sounds: [],
    strayKeys: "",
    screenshots: 0,
  };
}
