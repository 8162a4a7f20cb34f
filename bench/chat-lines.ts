import { runLoad } from "./load/run-load.ts";
import { ratesOf, report } from "./measure/report.ts";
import { compare } from "./measure/rounds.ts";
import { deploymentOn, startApiProcess, startBareKoa, startDatabases } from "./system/deployment.ts";

/*
 * `npm run bench:chat-lines`: what most of a chat is, lines that are no command, beside a bare Koa handler that verifies
 * the same signatures.
 */

const SECONDS = 5;
const CONNECTIONS = 32;
const GOAL = 0.7;

const databases = await startDatabases();
const deployment = deploymentOn({ databaseUrl: await databases.create("chat_lines") });
const api = await startApiProcess(deployment);
const bare = await startBareKoa(deployment, "");

const requests = { kind: "chatter", secret: deployment.eventSubSecret, channelId: deployment.channelId } as const;
const load = (url: string) => runLoad({ url, connections: CONNECTIONS, seconds: SECONDS, requests });
const { ours, baseline, ratio, spread } = await compare({
  ours: () => load(api.url),
  baseline: () => load(bare.url),
  figureOf: (measured) => measured.perSecond,
});
report({
  bench: "chat-lines",
  figure: ratesOf(ours),
  baseline: ratesOf(baseline),
  ratio,
  spread,
  goal: `at least ${100 * GOAL} % of a bare Koa handler`,
  isReached: ratio >= GOAL,
});
await Promise.all([api.stop(), bare.stop()]);
await databases.stop();
