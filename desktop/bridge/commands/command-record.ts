/** What became of a command, kept by what it is about. Times are Unix milliseconds. */
export interface CommandRecord {
  /** The number under which it was typed last; repeats keep it, except those of a hello. */
  readonly number: number;
  readonly state: CommandState;
  readonly at: number;
}

/** `typed` before it is typed, so that a crash in between types it again under the same number. */
export type CommandState = "typed" | "acknowledged" | "failed";
