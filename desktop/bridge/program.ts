import { homedir } from "node:os";
import { resolve } from "node:path";
import open from "open";
import { keyringOrFile } from "./api-key/api-key-store.ts";
import { encryptedFilePlace } from "./api-key/encrypted-file-place.ts";
import { keyringPlace } from "./api-key/keyring-place.ts";
import { systemClock } from "./clock.ts";
import type { DesktopOptions } from "./desktop.ts";
import { createInput } from "./input/create-input.ts";
import { runExtension } from "./neutralino/run-extension.ts";
import { type ProgramArguments, readArguments, USAGE } from "./program-arguments.ts";
import { defaultDataFolder, filesOf } from "./settings/data-folder.ts";
import { runningAddress, startDesktop } from "./start-desktop.ts";
import { StoreInUseError } from "./store/store.ts";

/*
 * The desktop as a program. Standard output has one line that others may read: the window's address.
 *
 *   0  stopped by a signal or with its Neutralino app, or another one runs on the data folder already
 *   1  cannot start, or cannot go on
 *   2  was called with something that it does not know
 */

/** What a build of the program knows of itself, and where it runs. */
export interface ProgramPlace {
  readonly version: string;
  /** The built window. */
  readonly windowFolder: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_PORT = 47_110;

/** Runs until there is nothing left to do; ends the process. */
export async function runProgram(place: ProgramPlace): Promise<void> {
  const asked = readArguments(place.words);
  if (asked === null) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  const run = { serve, neutralino, version: printVersion, help: printUsage }[asked.mode];
  await run(place, asked).catch(fail);
}

async function printVersion({ version }: ProgramPlace): Promise<void> {
  process.stdout.write(`${version}\n`);
}

async function printUsage(): Promise<void> {
  process.stdout.write(USAGE);
}

async function serve(place: ProgramPlace, asked: ProgramArguments): Promise<void> {
  const options = optionsOf(place, asked);
  const startOn = (port: number) => startDesktop({ ...options, port, windowFolder: place.windowFolder });
  try {
    const running = await (asked.port !== null ? startOn(asked.port) : startOn(DEFAULT_PORT).catch(orAnyPort(startOn)));
    onSignal(() => void running.stop().then(() => process.exit(0), fail));
    process.stdout.write(`${running.url}\n`);
    if (asked.opens) await show(running.url, place);
  } catch (error) {
    if (!(error instanceof StoreInUseError)) throw error;
    const address = await runningAddress(options.dataFolder);
    process.stderr.write(`It runs already on ${options.dataFolder}${address === null ? "" : ":"}\n`);
    if (address !== null) process.stdout.write(`${address}\n`);
    if (address !== null && asked.opens) await show(address, place);
    process.exit(0);
  }
}

async function neutralino(place: ProgramPlace, asked: ProgramArguments): Promise<void> {
  const ending = new AbortController();
  onSignal(() => ending.abort());
  await runExtension(optionsOf(place, asked), { input: process.stdin, ended: ending.signal });
  process.exit(0);
}

function optionsOf({ version, environment }: ProgramPlace, asked: ProgramArguments): DesktopOptions {
  const machine = {
    platform: process.platform,
    home: homedir(),
    variables: environment,
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
  };
  const dataFolder = resolve(asked.dataFolder ?? environment.MGM_DESKTOP_DATA_DIR ?? defaultDataFolder(machine));
  return {
    dataFolder,
    desktopVersion: version,
    machine,
    clock: systemClock,
    openInput: (choices) => createInput({ ...choices, platform: process.platform, display: environment.DISPLAY }),
    openApiKeys: (desktopId) => {
      const { encryptedApiKey, apiKeySecret } = filesOf(dataFolder);
      return keyringOrFile(keyringPlace(desktopId), encryptedFilePlace({ secret: encryptedApiKey, key: apiKeySecret }));
    },
    onFailure: fail,
  };
}

/** For a start on the usual port: when somebody has it, any will do. */
function orAnyPort<Running>(startOn: (port: number) => Promise<Running>) {
  return (error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    return startOn(0);
  };
}

/** Opens a browser where there is a screen. */
async function show(url: string, { environment: { DISPLAY, WAYLAND_DISPLAY } }: ProgramPlace): Promise<void> {
  if (process.platform === "linux" && !DISPLAY && !WAYLAND_DISPLAY) return;
  const opened = await open(url);
  opened.on("error", () => process.stderr.write("no browser could be opened; the address is above\n"));
}

function onSignal(end: () => void): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
}

function fail(fault: unknown): never {
  process.stderr.write(`${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`);
  process.exit(1);
}
