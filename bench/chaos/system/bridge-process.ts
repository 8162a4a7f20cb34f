import type { ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { LogFile } from "../../../temporal/start/log-files.ts";
import type { GameHost } from "./game-host.ts";
import type { Life } from "./mortal.ts";
import { startProgram } from "./program-process.ts";

/** What the bridge's process says: where its window is, whether there is a game, or a line to type into it. */
export type BridgeAsks =
  | { readonly kind: "started"; readonly url: string }
  | { readonly kind: "ask"; readonly number: number; readonly line: string | null };

/** What it is answered: the game that runs; a line that was to be typed has been. */
export interface BridgeHears {
  readonly number: number;
  readonly game: { readonly processId: number; readonly startedAt: number } | null;
}

/** What a bridge is started with. */
export interface BridgeProcessOptions {
  readonly program: URL;
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly game: GameHost;
  readonly dataDir: string;
  readonly log: LogFile;
  /** Laid over its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Told the address of the window once it is served. */
  readonly onStarted: (url: string) => void;
}

/** Starts the desktop's process; keys that leave it are in the game's window, whatever becomes of it. */
export async function startBridgeProcess(options: BridgeProcessOptions): Promise<Life> {
  const { program, apiUrl, apiKey, game, dataDir, log, environment, onStarted } = options;
  const windowFolder = join(dataDir, "window");
  mkdirSync(windowFolder, { recursive: true });
  const life = startProgram({
    program,
    log,
    environment: {
      DESKTOP_FOLDER: join(dataDir, "desktop"),
      WINDOW_FOLDER: windowFolder,
      API_URL: apiUrl,
      API_KEY: apiKey,
      LOG_PATH: game.chatLogFile,
      ...environment,
    },
  });
  life.child.on("message", (message: BridgeAsks) => {
    if (message.kind === "started") onStarted(message.url);
    else {
      if (message.line !== null) game.type(message.line);
      answer(life.child, { number: message.number, game: game.process });
    }
  });
  return life;
}

function answer(child: ChildProcess, heard: BridgeHears): void {
  if (child.connected) child.send(heard, () => undefined);
}
