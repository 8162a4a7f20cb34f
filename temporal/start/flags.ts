import { parseArgs } from "node:util";

/** How `npm start` was called. */
export interface Flags {
  /** End after the first gold of this run and print its time line. */
  readonly once: boolean;
  /** Bring everything up and play nothing. */
  readonly noStory: boolean;
  readonly help: boolean;
}

/** What `--help` and a wrong flag print. */
export const USAGE = `usage: npm start [-- <flag>]

  (no flag)    everything on this machine, and the story of the first gold; then it goes on until Ctrl-C
  --once       ends after the first gold; the last line on standard output is its time line as JSON
  --no-story   brings the same up and plays nothing
  --help       prints this

Settings come from the environment and from .env; .env.example lists them all.
`;

/** Reads the command line; null with the reason when it is not understood. */
export function readFlags(args: readonly string[]): { flags: Flags; reason: null } | { flags: null; reason: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: "boolean", default: false },
        "no-story": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const flags = { once: values.once, noStory: values["no-story"], help: values.help };
    if (flags.once && flags.noStory)
      return { flags: null, reason: "--once waits for the story that --no-story leaves out" };
    return { flags, reason: null };
  } catch (error) {
    if (error instanceof TypeError) return { flags: null, reason: error.message };
    throw error;
  }
}
