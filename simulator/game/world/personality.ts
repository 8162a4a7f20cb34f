/** How one family of servers behaves where they differ. */
export type ServerPersonality = {
  readonly name: "azerothcore" | "trinitycore" | "cmangos";
  /** Who loses a chat text that begins with `!` or `.` and is no command: nobody but game masters, or everybody. */
  readonly swallowsCommands: "game_masters" | "everybody";
  /** What happens to a text of more than 255 bytes. */
  readonly longText: "dropped" | "cut";
  /** Whether ten messages less than a second apart mute for ten seconds. */
  readonly floodMute: boolean;
  /** /who is answered from a list that is as old as this. */
  readonly whoCacheMs: number;
  /** Whether the number of all hits is told, also of those that a full list has no room for. */
  readonly whoCountsAll: boolean;
  /** A text with bytes that are no UTF-8 is dropped. */
  readonly dropsBrokenUtf8: boolean;
  /** Mails whose subject holds `| |` are dropped without an answer. */
  readonly dropsBarsInSubject: boolean;
};

/** The three families. */
export const PERSONALITIES: Readonly<Record<ServerPersonality["name"], ServerPersonality>> = {
  azerothcore: {
    name: "azerothcore",
    swallowsCommands: "everybody",
    longText: "dropped",
    floodMute: false,
    whoCacheMs: 5_000,
    whoCountsAll: true,
    dropsBrokenUtf8: true,
    dropsBarsInSubject: true,
  },
  trinitycore: {
    name: "trinitycore",
    swallowsCommands: "game_masters",
    longText: "dropped",
    floodMute: true,
    whoCacheMs: 0,
    whoCountsAll: true,
    dropsBrokenUtf8: true,
    dropsBarsInSubject: false,
  },
  cmangos: {
    name: "cmangos",
    swallowsCommands: "everybody",
    longText: "cut",
    floodMute: true,
    whoCacheMs: 0,
    whoCountsAll: false,
    dropsBrokenUtf8: false,
    dropsBarsInSubject: false,
  },
};

/** A chat text's limit in bytes. */
export const CHAT_BYTES = 255;
/** Flood protection as all three have it by default. */
export const FLOOD = { messages: 10, withinMs: 1_000, muteMs: 10_000 } as const;
