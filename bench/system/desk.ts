import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../desktop/bridge/clock.ts";
import { PlayedGame } from "../../desktop/test/played-game.ts";
import type { BridgeSays, BridgeStart } from "./bridge-main.ts";
import { type Drawn, until, type Whole } from "./whole.ts";

/** What stands on the streamer's desk: the simulated client with the addon's own files, and the bridge in a process. */
export interface Desk {
  readonly played: PlayedGame;
  readonly bridgePid: number;
  /** Has a candidate win and be asked for consent, in the game; resolves to the payout's id. They do not answer. */
  ask(drawn: Drawn): Promise<string>;
  /** Whether the payout's row has the winner's consent. */
  isAccepted(payoutId: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** Starts both; the bridge is the channel's active desktop when this resolves. */
export async function startDesk(whole: Whole): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), "mgm-desk-"));
  const played = await PlayedGame.open({ folder, clock: systemClock });
  const desktopId = randomUUID();
  whole.actAs(desktopId);
  const bridge = fork(fileURLToPath(new URL("bridge-main.ts", import.meta.url)), { execArgv: ["--import", "tsx"] });
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
  const { channelId } = whole.deployment;
  await until(() => whole.finds("desktop_leases where broadcaster_id = $1 and desktop_id = $2", channelId, desktopId));
  return {
    played,
    bridgePid: bridge.pid ?? Number.NaN,
    async ask(drawn) {
      played.meet(drawn.characterName);
      played.silent.add(drawn.characterName);
      const payoutId = await whole.win(drawn);
      await until(async () => played.questionsTo(drawn.characterName) > 0 || null);
      return payoutId;
    },
    isAccepted: async (payoutId) =>
      (await whole.finds("payouts where payout_id = $1 and accepted_at is not null", payoutId)) !== null,
    async stop() {
      bridge.kill("SIGKILL");
      played.stop();
      await rm(folder, { recursive: true });
    },
  };
}
