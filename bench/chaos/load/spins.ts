import { setTimeout as delay } from "node:timers/promises";
import { extensionJwt } from "../../../simulator/twitch/extension-jwt.ts";
import type { System } from "../system/system.ts";

const AGAIN_AFTER_MS = 500;
const ATTEMPTS = 120;

/** Pauses the channel's spins, as the broadcaster does; tries until it is answered. */
export async function pauseSpins({ apiUrls, settings }: System): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const token = await extensionJwt(
      { role: "broadcaster" },
      { secret: settings.TWITCH_EXTENSION_SECRETS[0] ?? "", channelId: settings.TWITCH_BROADCASTER_ID },
    );
    const answer = await fetch(`${apiUrls[attempt % apiUrls.length]}/api/broadcaster/spins`, {
      method: "PUT",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: '{"paused":true}',
    }).catch(() => null);
    if (answer?.status === 200) return;
    await delay(AGAIN_AFTER_MS);
  }
  throw new Error("the spins cannot be paused");
}
