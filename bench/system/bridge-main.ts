import { Bridge } from "../../desktop/bridge/bridge.ts";
import { systemClock } from "../../desktop/bridge/clock.ts";
import type { GameProcess } from "../../desktop/bridge/commands/input.ts";
import { Store } from "../../desktop/bridge/store/store.ts";

/*
 * The desktop's bridge in a process of its own, by the machine's own clock. Keys go to whoever started it and has the
 * game; the first message of the start tells where everything is.
 */

/** What the starter sends first. */
export interface BridgeStart {
  readonly store: string;
  readonly desktopId: string;
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly logPath: string;
  readonly game: GameProcess | null;
}

/** What the process sends: a line to be typed. */
export type BridgeSays = { readonly type: string };

process.once("message", (start: BridgeStart) => {
  void run(start);
});

async function run({ store, desktopId, apiUrl, apiKey, logPath, game }: BridgeStart): Promise<void> {
  const bridge = new Bridge({
    store: await Store.open(store),
    desktopId,
    desktopVersion: "0.1.0",
    apiUrl,
    apiKey,
    logPath,
    desk: {
      findGame: async () => game,
      stillForMs: async () => 60_000,
    },
    strategies: [
      {
        name: "post_message",
        type: async (type) => {
          process.send?.({ type } satisfies BridgeSays);
          return { ok: true };
        },
      },
    ],
    clock: systemClock,
    alert: () => undefined,
    pollMs: 1_000,
    // Gold is another bench's; here nobody is to be disturbed by a mail.
    syncsByItself: false,
  });
  bridge.takeOver();
  await bridge.run(new AbortController().signal);
}
