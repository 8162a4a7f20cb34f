import { extensionJwt } from "@mgm/simulator/twitch/extension-jwt";
import { runLoad } from "./load/run-load.ts";
import { ratesOf, report } from "./measure/report.ts";
import { compare } from "./measure/rounds.ts";
import { rounded } from "./measure/statistics.ts";
import { startBusyChannel } from "./system/busy-channel.ts";
import { startApiProcess, startBareKoa, startDatabases } from "./system/deployment.ts";

/*
 * `npm run bench:state`: what every viewer's page asks for, of a channel with a full pool and a drawn cycle, by 10,000
 * viewers with a token each and the limiter on, beside a bare Koa handler that verifies the same tokens and answers the same bytes.
 * A page asks with one token for an hour, so the viewers keep theirs over the rounds; what it costs to see all of them for the
 * first time is measured once, at the end (`firstSight`).
 */

const SECONDS = 5;
const VIEWERS = 10_000;
const CONNECTIONS = 64;
const GOAL = 0.6;

const databases = await startDatabases();
const deployment = await startBusyChannel(databases, "state");
const api = await startApiProcess(deployment);
const { channelId, extensionSecret: secret } = deployment;
const token = await extensionJwt({ role: "viewer", userId: "looker" }, { secret, channelId });
const answer = await fetch(`${api.url}/api/roulette/state`, { headers: { Authorization: `Bearer ${token}` } });
const body = await answer.text();
const { wheel } = JSON.parse(body) as { wheel: string[] };
if (wheel.length === 0) throw new Error("the state has no wheel");
const bare = await startBareKoa(deployment, body);

const openedAt = Math.floor(Date.now() / 1_000);
const load = (url: string, since = openedAt) => {
  const requests = { kind: "state", viewers: VIEWERS, since, secret, channelId } as const;
  return runLoad({ url, connections: CONNECTIONS, seconds: SECONDS, requests });
};
const { ours, baseline, ratio, spread } = await compare({
  ours: () => load(api.url),
  baseline: () => load(bare.url),
  figureOf: (measured) => measured.perSecond,
});
const [first, firstOfBare] = [await load(api.url, openedAt + 1), await load(bare.url, openedAt + 1)];
const firstSight = { perSecond: Math.round(first.perSecond), ratio: rounded(first.perSecond / firstOfBare.perSecond) };
report({
  bench: "state",
  figure: {
    viewers: VIEWERS,
    answerBytes: Buffer.byteLength(body),
    ...ratesOf(ours),
    firstSight,
  },
  baseline: ratesOf(baseline),
  ratio,
  spread,
  goal: `at least ${100 * GOAL} % of a bare Koa handler`,
  isReached: ratio >= GOAL,
  result: `${ratio} (${spread.join(" to ")}), with tokens never seen before ${firstSight.ratio}`,
});
await Promise.all([api.stop(), bare.stop()]);
await databases.stop();
