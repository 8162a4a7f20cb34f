import { startTwitchSimulator, type TwitchSimulator } from "@mgm/simulator/twitch/server";
import { type TwitchAccess, twitchAccess } from "./twitch-access.ts";
import type { TwitchSettings } from "./twitch-settings.ts";

/** A simulated Twitch for the tests of this folder, and how to reach it. */
export type TwitchFixture = {
  twitch: TwitchSimulator;
  settings: TwitchSettings;
  /** Fresh access, nothing cached, with other settings where needed. */
  access(overrides?: Partial<TwitchSettings>): TwitchAccess;
};

/** Starts one with a configured application; deadlines are short because nothing here is far away. */
export async function startTwitchFixture(): Promise<TwitchFixture> {
  const twitch = await startTwitchSimulator({
    broadcasterId: "1001",
    botUserId: "1002",
    eventSubSecret: "a secret of ours",
    extensionSecret: "c2VjcmV0IG9mIHRoZSBleHRlbnNpb24rLw==",
    seed: "activities",
    pageSize: 2,
  });
  const settings: TwitchSettings = {
    clientId: "our-client",
    clientSecret: "our-client-secret",
    helixUrl: twitch.helixUrl,
    authUrl: twitch.authUrl,
    botUserId: "1002",
    timeoutMs: 2_000,
  };
  return { twitch, settings, access: (overrides) => twitchAccess({ ...settings, ...overrides }) };
}
