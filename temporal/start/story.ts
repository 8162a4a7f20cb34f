import { join } from "node:path";
import { playStory, type Story } from "@mgm/simulator/story/story";
import type { Running } from "./bring-up.ts";
import { desktopKeyOf, type StartPlan } from "./config.ts";
import { payoutPageOf } from "./links.ts";
import { LogFile } from "./log-files.ts";
import { sinceStartMs, type Tell } from "./progress.ts";
import { StartError } from "./start-error.ts";

const DEADLINE_MS = 180_000;

/** Plays the demo against what runs. */
export async function playDemo(plan: StartPlan, running: Running, tell: Tell): Promise<Story> {
  const { settings, apiUrl, twitch } = running;
  const desktopKey = desktopKeyOf(settings);
  if (desktopKey === null) {
    throw new StartError(`DESKTOP_API_KEYS: the story needs a key of channel ${settings.TWITCH_BROADCASTER_ID}`);
  }
  return await playStory({
    apiUrl,
    broadcasterId: settings.TWITCH_BROADCASTER_ID,
    botUserId: settings.TWITCH_BOT_USER_ID ?? settings.TWITCH_BROADCASTER_ID,
    desktopKey,
    extensionSecret: settings.TWITCH_EXTENSION_SECRETS[0] ?? "",
    eventSubSecret: settings.TWITCH_EVENTSUB_SECRET,
    chat: twitch?.chat ?? null,
    folder: join(plan.dataDir, "demo"),
    // Whoever sets an interval of their own gets the time for two spins.
    deadlineMs: Math.max(DEADLINE_MS, 2 * settings.TIMINGS.intervalMs + DEADLINE_MS / 3),
    sinceStartMs,
    payoutPage: (payoutId) => payoutPageOf(running, payoutId),
    tell,
    log: new LogFile(plan.dataDir, "story").write,
  });
}
