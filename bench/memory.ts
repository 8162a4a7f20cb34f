import { parseArgs } from "node:util";
import { runLoad } from "./load/run-load.ts";
import { pssBytes } from "./measure/processor.ts";
import { report, tell } from "./measure/report.ts";
import { rounded } from "./measure/statistics.ts";
import { startDesk } from "./system/desk.ts";
import { startWhole, until } from "./system/whole.ts";

/*
 * `npm run bench:memory`: what the processes of API, worker and bridge hold over an hour of load: viewers who poll and
 * join, chat on Twitch and in the game, cycles, payouts that are agreed to, taken, given back and sent. Linux.
 * `--minutes` for another time.
 *
 * Growth is the slope of a line through the second half, when caches are full: what would be there in another hour.
 */

const { values } = parseArgs({ options: { minutes: { type: "string", default: "60" } } });
const minutes = Number(values.minutes);
const LOOK_EVERY_MS = 5_000;
const GOAL_MIB_AN_HOUR = 30;
/** What people say before they agree; a realm mutes who says more at once. */
const LINES = 3;

const whole = await startWhole();
const desk = await startDesk(whole);
const { extensionSecret, eventSubSecret, channelId } = whole.deployment;
const end = Date.now() + minutes * 60_000;
const PROCESSES = { api: whole.api.pid, worker: whole.worker.pid, bridge: desk.bridgePid };
type Process = keyof typeof PROCESSES;
const NAMES = Object.keys(PROCESSES) as Process[];
const samples: ({ readonly atMs: number } & Readonly<Record<Process, number>>)[] = [];
const startedAt = Date.now();
let payouts = 0;

await Promise.all([look(), poll(), chat(), payOut()]);

const half = samples.filter(({ atMs }) => atMs >= (minutes * 60_000) / 2);
const growth = ofEach(slopeOf);
report({
  bench: "memory",
  figure: {
    minutes,
    payouts,
    firstMiB: samples[0],
    lastMiB: samples.at(-1),
    largestMiB: ofEach((who) => Math.max(...samples.map((sample) => sample[who]))),
    growthMiBAnHour: growth,
  },
  baseline: null,
  ratio: null,
  spread: null,
  goal: `under ${GOAL_MIB_AN_HOUR} MiB an hour in the second half`,
  isReached: Math.max(...Object.values(growth)) < GOAL_MIB_AN_HOUR,
  result: NAMES.map((who) => `${who} ${growth[who]} MiB an hour`).join(", "),
});
await desk.stop();
await whole.stop();

async function look(): Promise<void> {
  while (Date.now() < end) {
    const [api = 0, worker = 0, bridge = 0] = await Promise.all(NAMES.map((who) => residentMiB(PROCESSES[who])));
    samples.push({ atMs: Date.now() - startedAt, api, worker, bridge });
    if (samples.length % 60 === 0) tell(JSON.stringify(samples.at(-1)));
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function poll(): Promise<void> {
  while (Date.now() < end) {
    // Others each time: what is kept of viewers who have left is looked at too.
    const since = Math.floor(Date.now() / 1_000);
    const requests = { kind: "state", viewers: 10_000, since, secret: extensionSecret, channelId } as const;
    await runLoad({ url: whole.api.url, connections: 4, count: 20_000, requests }, [200, 429]);
  }
}

async function chat(): Promise<void> {
  const requests = { kind: "chatter", secret: eventSubSecret, channelId } as const;
  while (Date.now() < end) await runLoad({ url: whole.api.url, connections: 2, count: 10_000, requests });
}

/** One viewer after the other joins, is drawn, wins, is asked in the game, chats there, agrees, and is paid. */
async function payOut(): Promise<void> {
  while (Date.now() < end) {
    const drawn = await whole.draw();
    const payoutId = await desk.ask(drawn);
    const winner = desk.played.game.player(drawn.characterName);
    for (let line = 0; line < LINES; line++) winner.whisper(`is that ${line} gold for me?`);
    winner.whisper("!twgold");
    await until(async () => (await desk.isAccepted(payoutId)) || null);
    const path = `/api/payouts/${payoutId}`;
    for (const status of ["InProgress", "Pending", "InProgress", "Sent"]) {
      await whole.desktop("PATCH", `${path}/status`, { status });
    }
    payouts += 1;
  }
}

async function residentMiB(pid: number): Promise<number> {
  return Math.round((10 * (await pssBytes(pid))) / 2 ** 20) / 10;
}

function ofEach(figure: (who: Process) => number): Record<Process, number> {
  return Object.fromEntries(NAMES.map((who) => [who, figure(who)])) as Record<Process, number>;
}

/** Least squares, in MiB an hour. */
function slopeOf(who: Process): number {
  const meanAt = half.reduce((sum, { atMs }) => sum + atMs, 0) / half.length;
  const mean = half.reduce((sum, sample) => sum + sample[who], 0) / half.length;
  const over = half.reduce((sum, sample) => sum + (sample.atMs - meanAt) * (sample[who] - mean), 0);
  const under = half.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
  return rounded((over / under) * 3_600_000);
}
