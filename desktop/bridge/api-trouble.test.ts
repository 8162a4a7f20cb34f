import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYOUT_COPPER } from "@mgm/domain/economics";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWorld, type World } from "../../temporal/test/world.ts";
import { FaultyProxy, TROUBLES } from "../test/faulty-proxy.ts";
import { HurriedClock } from "../test/hurried-clock.ts";
import { PlayedGame } from "../test/played-game.ts";
import { startBridge } from "../test/running-bridge.ts";
import { until } from "../test/until.ts";
import { drawWinner, payoutOf } from "../test/winner.ts";

/* The API cannot be reached, or somebody else answers in its place, while the game goes on; then it is back. */

let world: World;
let clock: HurriedClock;
let folder: string;
let played: PlayedGame;
let proxy: FaultyProxy;
beforeAll(async () => {
  world = await startWorld();
  clock = new HurriedClock();
  folder = await mkdtemp(join(tmpdir(), "mgm-trouble-"));
  played = await PlayedGame.open({ folder, clock });
  proxy = await FaultyProxy.start(world.apiUrl);
});
afterAll(async () => {
  await proxy.stop();
  played.stop();
  clock.stop();
  await world.stop();
  await rm(folder, { recursive: true });
});

it("hears everything, in order, when it is back", { timeout: 120_000 }, async () => {
  const { store, alerts, stop } = await startBridge({ world, played, clock, folder }, { apiUrl: proxy.url });
  const winner = await drawWinner(world, played);
  played.handIsAtMailbox = false;
  const { characterName } = winner;

  // The winner agrees while nobody can be told.
  await until(() => played.questionsTo(characterName) === 1);
  await proxy.meet("cut");
  await until(() => store.all("fact").size > 0);
  const payout = await payoutOf(world, winner);
  if (payout === null) throw new Error("seen online, and no payout");
  for (const trouble of TROUBLES) {
    await proxy.meet(trouble);
    const before = alerts.length;
    await until(() => alerts.slice(before).some(({ code }) => code === "poll_failed"));
    expect([...store.all("fact").values()].map(({ content }) => content.kind)).toEqual(["accepted"]);
  }
  await proxy.meet(null);
  await until(() => played.rows.includes("READY"));

  // The mail leaves while nobody can be told, and nothing is mailed again for that.
  await proxy.meet("cut");
  played.handIsAtMailbox = true;
  await until(() => [...store.all("fact").values()].some(({ content }) => content.kind === "mail_sent"));
  for (const trouble of TROUBLES) {
    await proxy.meet(trouble);
    const before = alerts.length;
    await until(() => alerts.slice(before).some(({ code }) => code === "poll_failed"));
    expect((await payoutOf(world, winner))?.status).toBe("InProgress");
    expect(store.all("fact").size).toBe(1);
  }
  await proxy.meet(null);
  await until(async () => (await payoutOf(world, winner))?.status === "Sent");
  await until(() => store.all("fact").size === 0);

  const told = proxy.passed.filter(({ path }) => path.startsWith(`/api/payouts/${payout.payoutId}/`));
  expect(told.map(({ path, status }) => [path.split("/").at(-1), status])).toEqual([
    ["confirm-acceptance", 200],
    ["status", 200],
    ["confirm-mail-sent", 200],
  ]);
  expect(played.notOnce([characterName], PAYOUT_COPPER)).toEqual([]);
  expect([...store.all("refusal"), ...store.all("question")]).toEqual([]);
  const count = (wanted: string) => alerts.filter(({ code }) => code === wanted).length;
  expect(count("delivery_held")).toBeGreaterThanOrEqual(2);
  await until(() => count("delivery_resumed") === 2);
  await stop();
});
