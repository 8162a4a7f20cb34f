import { join } from "node:path";
import type { RunningDesktop } from "@mgm/desktop/bridge/start-desktop";
import { Realm } from "@mgm/simulator/story/realm";
import { playStory, type Story } from "@mgm/simulator/story/story";
import type { Running, StartContext } from "./bring-up.ts";
import { desktopKeyOf, type StartPlan } from "./config.ts";
import { startDemoDesktop } from "./demo-desktop.ts";
import { payoutPageOf } from "./links.ts";
import { LogFile } from "./log-files.ts";
import { preferredPort } from "./ports.ts";
import { sinceStartMs, type Tell } from "./progress.ts";
import { StartError } from "./start-error.ts";

const DEADLINE_MS = 180_000;
const WINDOW_PORT = 47_111;

/** The streamer's side of the demo. */
export interface Stage {
  readonly game: Realm;
  readonly desktop: RunningDesktop;
}

/** Starts the game and the streamer's desktop in front of it. */
export async function setStage(
  { plan, ending, stops }: Pick<StartContext, "plan" | "ending" | "stops">,
  { apiUrl, settings }: Running,
): Promise<Stage> {
  const folder = join(plan.dataDir, "demo");
  const game = await Realm.open(folder);
  stops.add("the game", async () => game.stop());
  const desktop = await startDemoDesktop({
    apiUrl,
    apiKey: channelKey(settings),
    game,
    folder,
    port: await preferredPort(WINDOW_PORT),
    onFailure: (fault) => ending.end(1, `The desktop ended unexpectedly: ${String(fault)}`),
  });
  stops.add("the desktop", () => desktop.stop());
  return { game, desktop };
}

/** Plays the demo against what runs. */
export function playDemo(plan: StartPlan, running: Running, { game }: Stage, tell: Tell): Story {
  const { settings, apiUrl, twitch } = running;
  return playStory({
    apiUrl,
    broadcasterId: settings.TWITCH_BROADCASTER_ID,
    botUserId: settings.TWITCH_BOT_USER_ID ?? settings.TWITCH_BROADCASTER_ID,
    desktopKey: channelKey(settings),
    extensionSecret: settings.TWITCH_EXTENSION_SECRETS[0] ?? "",
    eventSubSecret: settings.TWITCH_EVENTSUB_SECRET,
    chat: twitch?.chat ?? null,
    game,
    // Whoever sets an interval of their own gets the time for two spins.
    deadlineMs: Math.max(DEADLINE_MS, 2 * settings.TIMINGS.intervalMs + DEADLINE_MS / 3),
    sinceStartMs,
    payoutPage: (payoutId) => payoutPageOf(running, payoutId),
    tell,
    log: new LogFile(plan.dataDir, "story").write,
  });
}

function channelKey(settings: Running["settings"]): string {
  const key = desktopKeyOf(settings);
  if (key !== null) return key;
  throw new StartError(`DESKTOP_API_KEYS: the story needs a key of channel ${settings.TWITCH_BROADCASTER_ID}`);
}
