import { parseArgs } from "node:util";

/** What the program is asked to do. */
export interface ProgramArguments {
  readonly mode: "serve" | "neutralino" | "version" | "help";
  /** Null: the usual one, or any free one when that is taken. */
  readonly port: number | null;
  /** Null: the system's usual place. */
  readonly dataFolder: string | null;
  readonly opens: boolean;
}

/** How the program is called. */
export const USAGE = `usage: npm run desktop [-- <option>...]

  --serve            serves the window to browsers of this machine (the default of npm run desktop)
  --neutralino       serves the window of the Neutralino app that started this, and ends with it
  --port <number>    where to serve; default 47110, or any free port when that is taken
  --data-dir <path>  where settings and everything else are kept
  --no-open          does not open a browser
  --version          prints the version
  --help             prints this
`;

/** Reads them; null when there is something that the program does not know. */
export function readArguments(words: readonly string[]): ProgramArguments | null {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        serve: { type: "boolean", default: false },
        neutralino: { type: "boolean", default: false },
        port: { type: "string" },
        "data-dir": { type: "string" },
        "no-open": { type: "boolean", default: false },
        version: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const port = values.port === undefined ? null : Number(values.port);
    const isPort = port === null || (Number.isInteger(port) && port >= 0 && port <= 65_535);
    const mode = modeOf(values);
    if (mode === null || !isPort) return null;
    return { mode, port, dataFolder: values["data-dir"] ?? null, opens: !values["no-open"] };
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function modeOf(chosen: {
  readonly serve: boolean;
  readonly neutralino: boolean;
  readonly version: boolean;
  readonly help: boolean;
}): ProgramArguments["mode"] | null {
  if (chosen.help) return "help";
  if (chosen.version) return "version";
  if (chosen.serve === chosen.neutralino) return null;
  return chosen.serve ? "serve" : "neutralino";
}
