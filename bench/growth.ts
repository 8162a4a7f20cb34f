import { runLoad } from "./load/run-load.ts";
import { report, tell } from "./measure/report.ts";
import { latenciesOf } from "./measure/statistics.ts";
import { deploymentOn, startApiProcess, startDatabases } from "./system/deployment.ts";
import { startWhole, until } from "./system/whole.ts";

/*
 * `npm run bench:growth`: how cost grows with payouts that are open (1 to 1,000), with viewers who poll (10 to 10,000),
 * and with a payout's history. Figures to be known, without goals; the pool's are those of `bench:pool-growth`.
 */

const OPEN_PAYOUTS = [1, 10, 100, 1_000];
const VIEWERS = [10, 100, 1_000, 10_000];
const CHANGES = [0, 10, 100, 500];
const TIMES = 30;
const SECONDS = 5;

const toBeKnown = { baseline: null, ratio: null, spread: null, goal: null, isReached: null } as const;

await openPayouts();
await pollingViewers();

async function openPayouts(): Promise<void> {
  const whole = await startWhole();
  const byOpen: Record<number, unknown> = {};
  let open = 0;
  let lastId = "";
  const winOne = async () => {
    lastId = await whole.win(await whole.draw());
    open += 1;
  };
  for (const goal of OPEN_PAYOUTS) {
    while (open < goal) await winOne();
    const listMs: number[] = [];
    const changeMs: number[] = [];
    for (let time = 0; time < TIMES; time++) {
      listMs.push(await timed(() => whole.desktop("GET", "/api/payouts/pending")));
      const status = time % 2 === 0 ? "InProgress" : "Pending";
      changeMs.push(await timed(() => whole.desktop("PATCH", `/api/payouts/${lastId}/status`, { status })));
    }
    byOpen[goal] = { listMs: latenciesOf(listMs), changeMs: latenciesOf(changeMs) };
    tell(`${goal} open payouts: ${JSON.stringify(byOpen[goal])}`);
  }
  report({ bench: "growth/open-payouts", figure: { byOpen }, ...toBeKnown });

  await winOne();
  const byChanges: Record<number, unknown> = {};
  let changes = 0;
  for (const goal of CHANGES) {
    for (; changes < goal; changes++) await change(changes);
    const measured: number[] = [];
    for (let time = 0; time < TIMES; time++) measured.push(await timed(() => change(changes++)));
    const description = await until(async () => await whole.client.workflow.getHandle(`payout-${lastId}`).describe());
    byChanges[goal] = {
      changeMs: latenciesOf(measured),
      events: Number(description.historyLength),
      bytes: Number(description.historySize),
    };
  }
  report({ bench: "growth/history", figure: { byChanges }, ...toBeKnown });
  await whole.stop();

  function change(number: number): Promise<unknown> {
    const status = number % 2 === 0 ? "InProgress" : "Pending";
    return whole.desktop("PATCH", `/api/payouts/${lastId}/status`, { status });
  }
}

async function pollingViewers(): Promise<void> {
  const databases = await startDatabases();
  // So few viewers ask more often than any one viewer may.
  const deployment = deploymentOn({ databaseUrl: await databases.create("growth") }, { LIMIT_READS: "1000000" });
  const api = await startApiProcess(deployment);
  const byViewers: Record<number, unknown> = {};
  for (const viewers of VIEWERS) {
    const { extensionSecret: secret, channelId } = deployment;
    const requests = { kind: "state", viewers, secret, channelId } as const;
    const { perSecond, latencyMs } = await runLoad({ url: api.url, connections: 64, seconds: SECONDS, requests });
    byViewers[viewers] = { perSecond: Math.round(perSecond), latencyMs };
  }
  report({ bench: "growth/polling-viewers", figure: { byViewers }, ...toBeKnown });
  await api.stop();
  await databases.stop();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
