import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/*
 * Whose data a request, a row or a workflow is about is said by the credential, the row or the input. The channel of the
 * settings is for wiring: what a process subscribes to, publishes for, schedules and logs in. Whoever adds a file here
 * says why it cannot know the channel in any other way.
 */

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const SETTING = /TWITCH_BROADCASTER_ID/;
const MAY_READ_THE_SETTING = [
  "activities/settings.ts", // declares it
  "api/config.ts", // a desktop key without a channel belongs to it
  "api/server.ts", // the chat listened to, the state published, the tokens let in
  "temporal/start/bring-up.ts", // the demo's one channel
  "temporal/start/config.ts",
  "temporal/start/story.ts",
  "temporal/start/viewers-side.ts",
  "temporal/twitch-login-main.ts", // whose accounts log in
  "temporal/worker-main.ts", // whose schedules are created
];

const SERVED = /\bchannel\.broadcasterId|\bdeps\.channel\b/;
const MAY_READ_THE_SERVED_CHANNEL = [
  "api/metrics.ts", // asked by Prometheus, about this process
  "api/readiness.ts", // asked by nobody in particular
  "api/routes/eventsub/act-on-chat.ts", // whether a chat line is for us at all
  "api/routes/eventsub/receive.ts", // an event that names no channel is ours
  "api/routes/gifts/request.ts", // the bot's account, beside the token's channel
  "api/routes/pool/claim.ts", // likewise
];

const FOLDERS = ["activities", "api", "desktop", "domain", "extension", "simulator", "temporal", "workflows"];
const sources = FOLDERS.flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`),
)
  .filter((file) => file.endsWith(".ts") && !/node_modules|\/dist\/|\/\.build\//.test(file))
  .filter((file) => !/\.(test|record|load|server)\.ts$|fixture|\/test\/|\/fuzz\//.test(file));

/** Comments may say what they like. */
function codeOf(file: string): string {
  return readFileSync(`${ROOT}${file}`, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}

describe("the channel of the settings", () => {
  it.each([
    ["as a setting", SETTING, MAY_READ_THE_SETTING],
    ["as the served channel", SERVED, MAY_READ_THE_SERVED_CHANNEL],
  ])("is read %s where nothing else names one, and nowhere else", (_, pattern, allowed) => {
    expect(sources.length).toBeGreaterThan(300);
    const readers = sources.filter((file) => pattern.test(codeOf(file)));
    expect(readers.filter((file) => pattern === SETTING || file.startsWith("api/")).sort()).toEqual(
      [...allowed].sort(),
    );
  });
});
