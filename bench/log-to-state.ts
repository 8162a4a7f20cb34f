import { existsSync, readFileSync } from "node:fs";
import { reportLatency } from "./measure/report.ts";
import { startDesk } from "./system/desk.ts";
import { startWhole, until } from "./system/whole.ts";

/*
 * `npm run bench:log-to-state`: from the moment at which a winner's consent stands in the game's log file to the moment
 * at which the payout's row has it, one at a time: file, bridge (a process of its own), HTTP, workflow, read model. The
 * game is the simulated client with the addon's own files.
 */

const WARM_UP = 3;
const TIMES = 60;
const GOAL_MS = 300;

const whole = await startWhole();
const desk = await startDesk(whole);
const { played } = desk;

const latencies: number[] = [];
for (let time = -WARM_UP; time < TIMES; time++) {
  const drawn = await whole.draw();
  const payoutId = await desk.ask(drawn);
  const logged = untilLogged(`ACCEPT:${payoutId}`);
  played.game.player(drawn.characterName).whisper("!twgold");
  const loggedAt = await logged;
  await until(async () => (await desk.isAccepted(payoutId)) || null);
  if (time >= 0) latencies.push(performance.now() - loggedAt);
}
reportLatency("log-to-state", latencies, GOAL_MS);
await desk.stop();
await whole.stop();

/** The moment at which the client has written a text: looked for after each frame, as it writes within one. */
function untilLogged(text: string): Promise<number> {
  return new Promise((resolve) => {
    played.onFrame = () => {
      if (!existsSync(played.chatLogFile) || !readFileSync(played.chatLogFile).includes(text)) return;
      played.onFrame = () => undefined;
      resolve(performance.now());
    };
  });
}
