import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ApiConfig } from "@mgm/api/config";
import { type Rig, startRig } from "@mgm/simulator/twitch/rig/rig";
import type { TwitchSimulator } from "@mgm/simulator/twitch/server";
import { viewers } from "@mgm/simulator/twitch/viewers";
import { freePorts } from "../engines/free-port.ts";
import type { LogFile } from "./log-files.ts";
import { preferredPort } from "./ports.ts";

const RIG_PORT = 8081;
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const BUILD = fileURLToPath(new URL("../../extension/build/build-main.ts", import.meta.url));

/** A port for the page that shows the viewers' side. */
export async function viewersSidePort(): Promise<number> {
  const port = await preferredPort(RIG_PORT);
  return port === 0 ? ((await freePorts(1))[0] ?? 0) : port;
}

/** What the viewers' side is shown from. */
export interface ViewersSideParts {
  readonly port: number;
  readonly apiUrl: string;
  readonly settings: ApiConfig;
  readonly twitch: TwitchSimulator;
  /** Where the extension is built into. */
  readonly dataDir: string;
  readonly log: LogFile;
}

/**
 * Serves the extension's pages as Twitch would frame them. They are built when somebody looks for the first time, by a
 * process of its own: whoever never looks does not wait for it.
 */
export async function startViewersSide({
  port,
  apiUrl,
  settings,
  twitch,
  dataDir,
  log,
}: ViewersSideParts): Promise<Rig> {
  const stopping = new AbortController();
  const folder = join(dataDir, "extension");
  let built: Promise<string> | null = null;
  const build = (): Promise<string> => {
    built ??= buildInto(folder, stopping.signal, log).catch((error: unknown) => {
      // The next look tries again.
      built = null;
      throw error;
    });
    return built;
  };
  const chat = twitch.events(`${apiUrl}/api/twitch/eventsub`);
  const rig = await startRig({
    port,
    apiUrl,
    broadcasterId: settings.TWITCH_BROADCASTER_ID,
    extensionSecret: settings.TWITCH_EXTENSION_SECRETS[0] ?? "",
    pubSub: twitch.pubSub,
    pages: { folder: build },
    people: viewers,
    say: async (chatter, text) => (await chat.say({ chatter, text })).status === 200,
    log: log.write,
  });
  return {
    url: rig.url,
    async stop() {
      stopping.abort();
      await rig.stop();
    },
  };
}

function buildInto(folder: string, signal: AbortSignal, log: LogFile): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", LOADER, BUILD, "--out", folder], {
      stdio: ["ignore", log.descriptor, log.descriptor],
      signal,
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve(folder);
      else reject(new Error(`the extension could not be built (exit code ${code}); the log "rig" says why`));
    });
  });
}
