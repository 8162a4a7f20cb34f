import { os } from "@neutralinojs/lib";
import { EXTENSION_ID } from "../../wire/window-link.ts";

/** What Neutralino puts into the page as global variables. */
declare global {
  var NL_OS: string | undefined;
  var NL_PATH: string | undefined;
  var NL_PORT: number | undefined;
  var NL_TOKEN: string | undefined;
}

interface ExtensionEntry {
  readonly id: string;
  readonly command?: string;
  readonly commandLinux?: string;
  readonly commandDarwin?: string;
  readonly commandWindows?: string;
}

/** What stands for the app's folder in the configuration. */
const APP_PATH = `$` + `{NL_PATH}`;

/**
 * Starts the bridge the way Neutralino did at first: the same command out of the same configuration, and the same JSON
 * object on its standard input.
 */
export async function spawnBridge(config: unknown): Promise<void> {
  const { id } = await os.spawnProcess(bridgeCommand(config, globalThis.NL_OS ?? "", globalThis.NL_PATH ?? ""));
  // After a reload the page has no token of its own any more; the library keeps it here.
  const token = globalThis.NL_TOKEN || sessionStorage.getItem("NL_TOKEN") || "";
  const handshake = {
    nlPort: String(globalThis.NL_PORT),
    nlToken: token,
    nlConnectToken: token.split(".")[1] ?? "",
    nlExtensionId: EXTENSION_ID,
  };
  await os.updateSpawnedProcess(id, "stdIn", JSON.stringify(handshake));
  await os.updateSpawnedProcess(id, "stdInEnd");
}

/** The command of our extension on that system (`Linux`, `Darwin`, `Windows`). Throws when there is none. */
export function bridgeCommand(config: unknown, system: string, appPath: string): string {
  const entries = (config as { extensions?: readonly ExtensionEntry[] }).extensions ?? [];
  const entry = entries.find(({ id }) => id === EXTENSION_ID);
  const command = entry?.[`command${system}` as keyof ExtensionEntry] ?? entry?.command;
  if (command === undefined) throw new Error("neutralino.config.json names no command for the bridge");
  return command.replaceAll(APP_PATH, appPath);
}
