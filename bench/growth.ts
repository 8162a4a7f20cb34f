import { randomInt } from "node:crypto";
import { runLoad } from "./load/run-load.ts";
import { cpuSeconds } from "./measure/processor.ts";
import { report, tell } from "./measure/report.ts";
import { latenciesOf, rounded } from "./measure/statistics.ts";
import { startBusyChannel } from "./system/busy-channel.ts";
import { startApiProcess, startDatabases } from "./system/deployment.ts";
import { startWhole, until } from "./system/whole.ts";

/*
 * `npm run bench:growth`: how cost grows with payouts that are open (1 to 1,000), with viewers who poll (10 to 10,000),
 * and with a payout's history. Figures to be known, without goals; the pool's are those of `bench:pool-growth`.
 */

const OPEN_PAYOUTS = [1, 10, 100, 1_000];
const VIEWERS = [10, 100, 1_000, 10_000];
const POLL_SECONDS = 15;
/** How often the payout was changed before it is measured; what is measured are changes too, and count towards the next. */
const CHANGES = [0, 60, 120, 500];
const TIMES = 60;
const SECONDS = 30;

const toBeKnown = { baseline: null, ratio: null, spread: null, goal: null, isReached: null } as const;

await openPayouts();
await pollingViewers();

async function openPayouts(): Promise<void> {
  const whole = await startWhole();
  const byOpen: Record<number, unknown> = {};
  /** How often each was changed. A worker keeps some of their workflows in memory and replays the others. */
  const open: { readonly id: string; changes: number }[] = [];
  for (const goal of OPEN_PAYOUTS) {
    while (open.length < goal) open.push({ id: await whole.win(await whole.draw()), changes: 0 });
    const listMs: number[] = [];
    const changeMs: number[] = [];
    for (let time = 0; time < TIMES; time++) {
      listMs.push(await timed(() => whole.desktop("GET", "/api/payouts/pending")));
      const any = open[randomInt(open.length)];
      if (any === undefined) throw new Error("no payout is open");
      changeMs.push(await timed(() => change(any)));
    }
    byOpen[goal] = { listMs: latenciesOf(listMs), changeMs: latenciesOf(changeMs) };
    tell(`${goal} open payouts: ${JSON.stringify(byOpen[goal])}`);
  }
  report({ bench: "growth/open-payouts", figure: { byOpen }, ...toBeKnown });

  const one = { id: await whole.win(await whole.draw()), changes: 0 };
  const byChanges: Record<string, unknown> = {};
  for (const goal of CHANGES) {
    while (one.changes < goal) await change(one);
    const measured: number[] = [];
    for (let time = 0; time < TIMES; time++) measured.push(await timed(() => change(one)));
    const description = await until(async () => await whole.client.workflow.getHandle(`payout-${one.id}`).describe());
    // The history's size is that after the last of them.
    byChanges[`${goal} to ${one.changes}`] = {
      changeMs: latenciesOf(measured),
      events: Number(description.historyLength),
      bytes: Number(description.historySize),
    };
  }
  report({ bench: "growth/history", figure: { byChanges }, ...toBeKnown });
  await whole.stop();

  function change(payout: { readonly id: string; changes: number }): Promise<unknown> {
    const status = payout.changes++ % 2 === 0 ? "InProgress" : "Pending";
    return whole.desktop("PATCH", `/api/payouts/${payout.id}/status`, { status });
  }
}

/** Viewers ask when it is time to, whether or not others were answered. */
async function pollingViewers(): Promise<void> {
  const databases = await startDatabases();
  const deployment = await startBusyChannel(databases, "growth");
  const api = await startApiProcess(deployment);
  const byViewers: Record<number, unknown> = {};
  for (const viewers of VIEWERS) {
    const { extensionSecret: secret, channelId } = deployment;
    const since = Math.floor(Date.now() / 1_000);
    const requests = { kind: "state", viewers, since, secret, channelId } as const;
    const perSecond = viewers / POLL_SECONDS;
    const before = await cpuSeconds(api.pid);
    const load = await runLoad({ url: api.url, connections: 64, perSecond, seconds: SECONDS, requests });
    const used = (await cpuSeconds(api.pid)) - before;
    byViewers[viewers] = {
      perSecond: rounded(load.perSecond),
      latencyMs: load.latencyMs,
      apiCorePercent: rounded((100 * used) / load.seconds),
      loadCorePercent: load.corePercent,
    };
    tell(`${viewers} viewers: ${JSON.stringify(byViewers[viewers])}`);
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
