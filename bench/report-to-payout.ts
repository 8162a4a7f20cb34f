import { reportLatency } from "./measure/report.ts";
import { startWhole, until } from "./system/whole.ts";

/*
 * `npm run bench:report-to-payout`: from the desktop's "I saw the candidate online" to the payout that its list shows,
 * one at a time. The number of open payouts grows from 0 to a few hundred meanwhile.
 */

const WARM_UP = 10;
const TIMES = 200;
const GOAL_MS = 150;

const whole = await startWhole();
const latencies: number[] = [];
for (let time = -WARM_UP; time < TIMES; time++) {
  const drawn = await whole.draw();
  const startedAt = performance.now();
  const payoutId = await whole.win(drawn);
  await until(async () => {
    const list = (await whole.desktop("GET", "/api/payouts/pending")) as { id: string }[];
    return list.some(({ id }) => id === payoutId) ? true : null;
  });
  if (time >= 0) latencies.push(performance.now() - startedAt);
}
reportLatency("report-to-payout", latencies, GOAL_MS);
await whole.stop();
