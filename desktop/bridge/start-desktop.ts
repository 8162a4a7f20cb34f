import { readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import writeFileAtomic from "write-file-atomic";
import { Desktop, type DesktopOptions } from "./desktop.ts";
import { startWindowServer, type WindowServer } from "./serve/window-server.ts";
import { windowToken } from "./serve/window-token.ts";
import { filesOf } from "./settings/data-folder.ts";

/** How a desktop is started that serves its window to browsers of this machine. */
export interface StartOptions extends DesktopOptions {
  /** 0: any free one. */
  readonly port: number;
  /** The built window; the workspace's own when left out. */
  readonly windowFolder?: string;
}

/** A desktop that runs and serves its window. */
export interface RunningDesktop {
  readonly desktop: Desktop;
  /** The window's address, its token included. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Where the window's files are built to. */
export const WINDOW_FOLDER = fileURLToPath(new URL("../ui/dist", import.meta.url));

/** Opens a data folder, runs, and serves the window. Rejects with StoreInUseError when another desktop has the folder. */
export async function startDesktop(options: StartOptions): Promise<RunningDesktop> {
  const files = filesOf(options.dataFolder);
  const desktop = await Desktop.open(options);
  let server: WindowServer | null = null;
  try {
    const token = await windowToken(files.windowToken);
    server = await startWindowServer({
      desktop,
      token,
      folder: options.windowFolder ?? WINDOW_FOLDER,
      port: options.port,
    });
    // A second start on this folder shows it. Owner only, as the token is in it.
    await writeFileAtomic(files.address, `${server.url}\n`, { mode: 0o600 });
  } catch (error) {
    await server?.stop();
    await desktop.stop();
    throw error;
  }
  const { url, stop } = server;
  return {
    desktop,
    url,
    async stop() {
      await stop();
      await rm(files.address, { force: true });
      await desktop.stop();
    },
  };
}

/** The address of the desktop that has a data folder; null when it serves none. */
export async function runningAddress(dataFolder: string): Promise<string | null> {
  const address = await readFile(filesOf(dataFolder).address, "utf8").catch(() => "");
  return address.trim() || null;
}
