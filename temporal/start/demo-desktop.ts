import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ApiKeyStore } from "@mgm/desktop/bridge/api-key/api-key-store";
import { systemClock } from "@mgm/desktop/bridge/clock";
import type { DesktopInput } from "@mgm/desktop/bridge/desktop-input";
import { type RunningDesktop, startDesktop } from "@mgm/desktop/bridge/start-desktop";
import type { Realm } from "@mgm/simulator/story/realm";

/** What the demo's desktop is started with. */
export interface DemoDesktopOptions {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly game: Realm;
  /** Holds what it keeps. */
  readonly folder: string;
  /** Where its window is served; 0: any free port. */
  readonly port: number;
  readonly onFailure: (fault: unknown) => void;
}

/** The quickest that the settings allow: people are watching. */
const POLL_SECONDS = 5;
const NOBODY_TYPES_MS = 3_600_000;

/** Starts the streamer's desktop, set up already, in front of a simulated game. Sync needs no click there. */
export async function startDemoDesktop(options: DemoDesktopOptions): Promise<RunningDesktop> {
  const { apiUrl, apiKey, game, folder, port, onFailure } = options;
  const running = await startDesktop({
    dataFolder: join(folder, "desktop"),
    desktopVersion: desktopVersion(),
    machine: { platform: process.platform, home: homedir(), variables: {}, locale: "en" },
    clock: systemClock,
    openInput: async () => simulatedInput(game),
    openApiKeys: () => givenKey(apiKey),
    onFailure,
    port,
  });
  const { desktop } = running;
  await desktop.change({ apiUrl, logPath: game.chatLogFile, pollSeconds: POLL_SECONDS, syncsByItself: true });
  // A demo begins at once, whoever was active before.
  desktop.bridge?.takeOver();
  return running;
}

/** A screen with the simulated game on it, and a keyboard that nobody else touches. */
function simulatedInput(game: Realm): DesktopInput {
  const window = { id: "simulated", title: "World of Warcraft", processId: process.pid };
  return {
    desk: {
      findGame: async () => ({ processId: process.pid, startedAt: game.startedAt }),
      stillForMs: async () => NOBODY_TYPES_MS,
    },
    fault: null,
    strategies: () => [
      {
        name: "post_message",
        type: async (line) => {
          game.type(line);
          return { ok: true };
        },
      },
    ],
    look: async () => ({ windows: [window], picked: window }),
    close: async () => undefined,
  };
}

/** The demo's key lies among its other secrets already, and has no business in anybody's keyring. */
function givenKey(apiKey: string): ApiKeyStore {
  let kept = apiKey;
  return {
    read: async () => ({ apiKey: kept, storage: "keyring" }),
    save: async (another) => {
      kept = another;
      return "keyring";
    },
  };
}

function desktopVersion(): string {
  const file = new URL("../../desktop/package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
