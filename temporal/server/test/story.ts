import { setTimeout as delay } from "node:timers/promises";
import type { EventSubSender } from "@mgm/simulator/twitch/eventsub";
import { badges } from "@mgm/simulator/twitch/viewers";
import { eventually, report } from "../../test/world.ts";

const STARTED_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 200;

/** Where a deployment is, and how to speak to it. */
export interface StoryTold {
  readonly apiUrl: string;
  readonly desktopKey: string;
  readonly chat: { say(line: Parameters<EventSubSender["say"]>[0]): Promise<{ status: number }> };
}

/** Plays one payout against processes of their own: a line in chat, a spin of the schedule, the mail. Returns its id. */
export async function playToSent({ apiUrl, desktopKey, chat }: StoryTold): Promise<string> {
  const headers = { "X-MGM-ApiKey": desktopKey, "Content-Type": "application/json" };
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
  };
  const untilTaken = (method: string, path: string, body?: unknown) =>
    eventually(async () => {
      const answer = await ask(method, path, body);
      return answer.status === 200 && answer.body;
    });
  const chatter = { id: "v1", login: "v1", displayName: "V1" };
  // Processes that have just been started take their time on a busy machine.
  const giveUpAt = Date.now() + STARTED_WITHIN_MS;
  const line = { chatter, text: "!twgold Norinn", badges: [badges.subscriber(3)] };
  while ((await chat.say(line)).status !== 200) {
    if (Date.now() > giveUpAt) throw new Error("the API takes no line of chat");
    await delay(LOOK_EVERY_MS);
  }
  // A slow machine may miss the time of one candidate; there is another at the next boundary.
  const payoutId = await eventually(async () => {
    const { spinCycleId } = await untilTaken("GET", "/api/roulette/candidate");
    const answer = await ask("POST", "/api/roulette/verify-candidate", report(spinCycleId, "Norinn", true));
    return answer.status === 200 && answer.body.payoutId;
  });
  const path = `/api/payouts/${payoutId}`;
  await untilTaken("PATCH", `${path}/status`, { status: "InProgress" });
  const sent = await untilTaken("POST", `${path}/confirm-mail-sent`);
  if (sent.status !== "Sent") throw new Error(`the payout is ${sent.status}`);
  return payoutId;
}
