import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { systemClock } from "../../../desktop/bridge/clock.ts";
import type { DesktopInput } from "../../../desktop/bridge/desktop-input.ts";
import { startDesktop } from "../../../desktop/bridge/start-desktop.ts";
import type { BridgeAsks, BridgeHears } from "./bridge-process.ts";

/*
 * The streamer's desktop in a process of its own, to be killed. All of it is real but its screen and its keyring: the
 * game's window is the driver's, which has the game, and the key comes from the environment.
 */

const { DESKTOP_FOLDER = "", WINDOW_FOLDER = "", API_URL = "", API_KEY = "", LOG_PATH = "" } = process.env;
const POLL_SECONDS = 5;
const NOBODY_TYPES_MS = 3_600_000;

const answers = new Map<number, (answer: BridgeHears) => void>();
let asked = 0;
process.on("message", (answer: BridgeHears) => {
  answers.get(answer.number)?.(answer);
  answers.delete(answer.number);
});

function ask(line: string | null): Promise<BridgeHears> {
  const number = ++asked;
  return new Promise((resolve) => {
    answers.set(number, resolve);
    process.send?.({ kind: "ask", number, line } satisfies BridgeAsks);
  });
}

const input: DesktopInput = {
  desk: {
    async findGame() {
      const { game } = await ask(null);
      return game === null ? null : { processId: game.processId, startedAt: game.startedAt };
    },
    stillForMs: async () => NOBODY_TYPES_MS,
  },
  fault: null,
  strategies: () => [
    {
      name: "post_message",
      type: async (line) => {
        await ask(line);
        return { ok: true };
      },
    },
  ],
  async look() {
    const { game } = await ask(null);
    if (game === null) return { windows: [], picked: null };
    const window = { id: String(game.processId), title: "World of Warcraft", processId: game.processId };
    return { windows: [window], picked: window };
  },
  close: async () => undefined,
};

const { version } = JSON.parse(readFileSync(new URL("../../../desktop/package.json", import.meta.url), "utf8")) as {
  version: string;
};
const running = await startDesktop({
  dataFolder: DESKTOP_FOLDER,
  desktopVersion: version,
  machine: { platform: process.platform, home: homedir(), variables: {}, locale: "en" },
  clock: systemClock,
  openInput: async () => input,
  openApiKeys: () => ({
    read: async () => ({ apiKey: API_KEY, storage: "keyring" }),
    save: async () => "keyring",
  }),
  onFailure: (fault) => {
    process.stderr.write(`${String(fault)}\n`);
    process.exit(1);
  },
  port: 0,
  windowFolder: WINDOW_FOLDER,
});
await running.desktop.change({ apiUrl: API_URL, logPath: LOG_PATH, pollSeconds: POLL_SECONDS, syncsByItself: true });
process.send?.({ kind: "started", url: running.url } satisfies BridgeAsks);
