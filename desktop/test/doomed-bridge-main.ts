import { randomUUID } from "node:crypto";
import { Bridge } from "../bridge/bridge.ts";
import { desktopIdentity } from "../bridge/identity.ts";
import { Store } from "../bridge/store/store.ts";
import type { ToDoomedBridge, ToTest } from "./doomed-bridge.ts";
import { FakeClock } from "./fake-clock.ts";

/*
 * The bridge in a process of its own, for a test to kill. Its store, its log and the API are real; keys go to the test,
 * which has the game, and time comes from there.
 */

const { STORE_FOLDER = "", LOG_PATH = "", API_URL = "", API_KEY = "" } = process.env;
const store = await Store.open(STORE_FOLDER);
const say = (message: ToTest) => process.send?.(message);
let game: ToDoomedBridge["game"] = null;
let heard: () => void = () => undefined;
let clock: FakeClock | null = null;
let target = 0;
let isMoving = false;

const first = new Promise<FakeClock>((resolve) => {
  process.on("message", (message: ToDoomedBridge) => {
    game = message.game;
    target = message.now;
    if (message.hasTyped) heard();
    if (clock === null) {
      clock = new FakeClock(message.now);
      resolve(clock);
    } else if (!isMoving) void move(clock);
  });
});

/** Goes on to where the test's time is by now. */
async function move(time: FakeClock): Promise<void> {
  isMoving = true;
  while (time.now() < target) await time.advance(target - time.now());
  isMoving = false;
}

say({ kind: "started" });
const time = await first;
const bridge = new Bridge({
  store,
  desktopId: await desktopIdentity(store, randomUUID),
  desktopVersion: "0.1.0",
  apiUrl: API_URL,
  apiKey: API_KEY,
  logPath: LOG_PATH,
  desk: { findGame: async () => game, stillForMs: async () => 60_000 },
  strategies: [
    {
      name: "post_message",
      type: async (line) => {
        const done = new Promise<void>((resolve) => {
          heard = resolve;
        });
        say({ kind: "type", line });
        await done;
        return { ok: true };
      },
    },
  ],
  clock: time,
  alert: () => undefined,
  pollMs: 5_000,
  syncsByItself: true,
});
// A test's own world: whoever was active before is gone.
bridge.takeOver();
await bridge.run(new AbortController().signal);
