import type { ApiKeyStore, KeptApiKey } from "../bridge/api-key/api-key-store.ts";
import { systemClock } from "../bridge/clock.ts";
import { Desktop, type DesktopOptions } from "../bridge/desktop.ts";
import type { DesktopInput } from "../bridge/desktop-input.ts";
import type { GameWindow } from "../wire/state.ts";
import type { PlayedGame } from "./played-game.ts";

/** Keys of a test's desktop, which outlive it as a keyring does. */
export class TestKeyring implements ApiKeyStore {
  kept: KeptApiKey | null = null;
  storage: KeptApiKey["storage"] = "keyring";

  async read(): Promise<KeptApiKey | null> {
    return this.kept;
  }

  async save(apiKey: string): Promise<KeptApiKey["storage"]> {
    this.kept = { apiKey, storage: this.storage };
    return this.storage;
  }
}

/** A screen for tests: windows come and go, and the picked one leads to the played game, if there is any. */
export class TestScreen implements DesktopInput {
  windows: readonly GameWindow[] = [{ id: "1", title: "World of Warcraft", processId: 1 }];
  fault: string | null = null;
  chosenWindow: () => string | null = () => null;
  readonly typed: string[] = [];
  /** The only command that can be typed: at all others the window loses the focus. Null: all can be. */
  takesOnly: string | null = null;
  readonly #played: PlayedGame | null;

  constructor(played: PlayedGame | null) {
    this.#played = played;
  }

  get desk() {
    return {
      findGame: async () =>
        (await this.look()).picked === null ? null : ((await this.#played?.desk.findGame()) ?? null),
      stillForMs: async () => 60_000,
    };
  }

  strategies(settings: { readonly strategy: "post_message" | "send_input" }) {
    const { strategy: name } = settings;
    const type = async (line: string) => {
      this.typed.push(line);
      if (this.takesOnly !== null && !line.includes(this.takesOnly)) return { ok: false, code: "focus_lost" } as const;
      this.#played?.type(line);
      return { ok: true } as const;
    };
    return [{ name, type }];
  }

  async look() {
    const { windows } = this;
    const chosen = windows.find(({ id }) => id === this.chosenWindow());
    return { windows, picked: chosen ?? (windows.length === 1 ? (windows[0] ?? null) : null) };
  }

  async close(): Promise<void> {
    this.windows = [];
  }
}

/** Opens a desktop as a program would, in front of a screen of the test's. */
export function openDesktop(
  parts: { readonly dataFolder: string; readonly screen: TestScreen; readonly keyring?: TestKeyring },
  changed: Partial<DesktopOptions> = {},
): Promise<Desktop> {
  const { dataFolder, screen, keyring = new TestKeyring() } = parts;
  return Desktop.open({
    dataFolder,
    desktopVersion: "0.1.0",
    machine: { platform: "linux", home: dataFolder, variables: {}, locale: "en" },
    clock: systemClock,
    openInput: async ({ chosenWindow }) => {
      screen.chosenWindow = chosenWindow;
      return screen;
    },
    openApiKeys: () => keyring,
    onFailure: (fault) => {
      throw fault;
    },
    ...changed,
  });
}
