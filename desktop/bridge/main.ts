import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import open from "open";
import { keyringOrFile } from "./api-key/api-key-store.ts";
import { encryptedFilePlace } from "./api-key/encrypted-file-place.ts";
import { keyringPlace } from "./api-key/keyring-place.ts";
import { systemClock } from "./clock.ts";
import { createInput } from "./input/create-input.ts";
import { defaultDataFolder, filesOf } from "./settings/data-folder.ts";
import { runningAddress, type StartOptions, startDesktop } from "./start-desktop.ts";
import { StoreInUseError } from "./store/store.ts";

/*
 * The desktop as a program. Standard output has one line that others may read: the window's address.
 *
 *   0  stopped by a signal, or another one runs on the data folder already
 *   1  cannot start, or cannot go on
 *   2  was called with something that it does not know
 */

const USAGE = `usage: npm run desktop [-- <option>...]

  --serve            serves the window to browsers of this machine (the default of npm run desktop)
  --port <number>    where; default 47110, or any free port when that is taken
  --data-dir <path>  where settings and everything else are kept
  --no-open          does not open a browser
  --help             prints this
`;
const DEFAULT_PORT = 47_110;

const arguments_ = readArguments();
if (arguments_ === null) {
  process.stderr.write(USAGE);
  process.exit(2);
}
if (arguments_.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const machine = {
  platform: process.platform,
  home: homedir(),
  variables: process.env,
  locale: Intl.DateTimeFormat().resolvedOptions().locale,
};
const dataFolder = resolve(arguments_.dataFolder ?? process.env.MGM_DESKTOP_DATA_DIR ?? defaultDataFolder(machine));
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const options: Omit<StartOptions, "port"> = {
  dataFolder,
  desktopVersion: version,
  machine,
  clock: systemClock,
  openInput: (choices) => createInput({ ...choices, platform: process.platform, display: process.env.DISPLAY }),
  openApiKeys: (desktopId) => {
    const { encryptedApiKey, apiKeySecret } = filesOf(dataFolder);
    return keyringOrFile(keyringPlace(desktopId), encryptedFilePlace({ secret: encryptedApiKey, key: apiKeySecret }));
  },
  onFailure: (fault) => fail(fault),
};

try {
  const running = await startOnSomePort(arguments_.port);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void running.stop().then(() => process.exit(0), fail));
  }
  process.stdout.write(`${running.url}\n`);
  if (arguments_.opens) await show(running.url);
} catch (error) {
  if (!(error instanceof StoreInUseError)) fail(error);
  const address = await runningAddress(dataFolder);
  process.stderr.write(`It runs already on ${dataFolder}${address === null ? "" : ":"}\n`);
  if (address !== null) process.stdout.write(`${address}\n`);
  if (address !== null && arguments_.opens) await show(address);
  process.exit(0);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        serve: { type: "boolean", default: false },
        port: { type: "string" },
        "data-dir": { type: "string" },
        "no-open": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const port = values.port === undefined ? null : Number(values.port);
    const isPort = port === null || (Number.isInteger(port) && port >= 0 && port <= 65_535);
    if (!values.help && !(values.serve && isPort)) return null;
    return { port, dataFolder: values["data-dir"], opens: !values["no-open"], help: values.help };
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** The port that was asked for; the usual one, or any, when none was. */
async function startOnSomePort(port: number | null) {
  if (port !== null) return await startDesktop({ ...options, port });
  try {
    return await startDesktop({ ...options, port: DEFAULT_PORT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return await startDesktop({ ...options, port: 0 });
  }
}

/** Opens a browser where there is a screen. */
async function show(url: string): Promise<void> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === "linux" && !DISPLAY && !WAYLAND_DISPLAY) return;
  const opened = await open(url);
  opened.on("error", () => process.stderr.write("no browser could be opened; the address is above\n"));
}

function fail(fault: unknown): never {
  process.stderr.write(`${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`);
  process.exit(1);
}
