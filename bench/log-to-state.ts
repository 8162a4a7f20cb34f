import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../desktop/bridge/clock.ts";
import { PlayedGame } from "../desktop/test/played-game.ts";
import { reportLatency } from "./measure/report.ts";
import { latenciesOf } from "./measure/statistics.ts";
import type { BridgeSays, BridgeStart } from "./system/bridge-main.ts";
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
const folder = await mkdtemp(join(tmpdir(), "mgm-log-to-state-"));
const played = await PlayedGame.open({ folder, clock: systemClock });
const desktopId = randomUUID();
whole.actAs(desktopId);
const bridge = fork(fileURLToPath(new URL("system/bridge-main.ts", import.meta.url)), {
  execArgv: ["--import", "tsx"],
});
process.on("exit", () => bridge.kill("SIGKILL"));
bridge.on("message", ({ type }: BridgeSays) => played.type(type));
bridge.send({
  store: join(folder, "store"),
  desktopId,
  apiUrl: whole.api.url,
  apiKey: whole.deployment.desktopKey,
  logPath: played.chatLogFile,
  game: await played.desk.findGame(),
} satisfies BridgeStart);
await until(async () => (await isActive()) || null);

const latencies: number[] = [];
for (let time = -WARM_UP; time < TIMES; time++) {
  const drawn = await whole.draw();
  played.meet(drawn.characterName);
  played.silent.add(drawn.characterName);
  const payoutId = await whole.win(drawn);
  await until(async () => played.questionsTo(drawn.characterName) > 0 || null);
  const logged = untilLogged(`ACCEPT:${payoutId}`);
  played.game.player(drawn.characterName).whisper("!twgold");
  const loggedAt = await logged;
  await until(async () => (await isAccepted(payoutId)) || null);
  if (time >= 0) latencies.push(performance.now() - loggedAt);
}
reportLatency("log-to-state", TIMES, latenciesOf(latencies), GOAL_MS);
bridge.kill("SIGKILL");
played.stop();
await whole.stop();
await rm(folder, { recursive: true });

async function isActive(): Promise<boolean> {
  const { rows } = await whole.database.query(
    "select from desktop_leases where broadcaster_id = $1 and desktop_id = $2",
    [whole.deployment.channelId, desktopId],
  );
  return rows.length > 0;
}

async function isAccepted(payoutId: string): Promise<boolean> {
  const { rows } = await whole.database.query("select from payouts where payout_id = $1 and accepted_at is not null", [
    payoutId,
  ]);
  return rows.length > 0;
}

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
