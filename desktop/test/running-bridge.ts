import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { World } from "../../temporal/test/world.ts";
import { Bridge } from "../bridge/bridge.ts";
import type { BridgeAlert, BridgeOptions } from "../bridge/bridge-options.ts";
import type { Clock } from "../bridge/clock.ts";
import { desktopIdentity } from "../bridge/identity.ts";
import { Store } from "../bridge/store/store.ts";
import type { PlayedGame } from "./played-game.ts";

/** What a bridge of a test runs between. */
export interface BridgeSetting {
  readonly world: World;
  readonly played: PlayedGame;
  readonly clock: Clock;
  /** Where its store lies. */
  readonly folder: string;
  /** Whether it becomes the active desktop whoever was; default yes. */
  readonly takesOver?: boolean;
}

/** A bridge that works. */
export interface RunningBridge {
  readonly bridge: Bridge;
  readonly store: Store;
  readonly alerts: BridgeAlert[];
  readonly desktopId: string;
  stop(): Promise<void>;
}

/** Starts a bridge between the real API and the played game; stop it before the game. */
export async function startBridge(
  { world, played, clock, folder, takesOver = true }: BridgeSetting,
  changed: Partial<BridgeOptions> = {},
): Promise<RunningBridge> {
  const store = await Store.open(join(folder, "store"));
  const alerts: BridgeAlert[] = [];
  const desktopId = await desktopIdentity(store, randomUUID);
  const bridge = new Bridge({
    store,
    desktopId,
    desktopVersion: "0.1.0",
    apiUrl: world.apiUrl,
    apiKey: world.environment.DESKTOP_API_KEYS ?? "",
    logPath: played.chatLogFile,
    desk: played.desk,
    strategies: [
      {
        name: "post_message",
        type: async (line) => {
          played.type(line);
          return { ok: true };
        },
      },
    ],
    clock,
    alert: (alert) => alerts.push(alert),
    pollMs: 5_000,
    syncsByItself: true,
    ...changed,
  });
  if (takesOver) bridge.takeOver();
  const stopping = new AbortController();
  const running = bridge.run(stopping.signal);
  return {
    bridge,
    store,
    alerts,
    desktopId,
    async stop() {
      stopping.abort();
      await running;
      await store.close();
    },
  };
}
