import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYOUT_COPPER } from "@mgm/domain/economics";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fileLog } from "../../simulator/game/chat-log/log-storage.ts";
import { installedIn } from "../../simulator/game/game-options.ts";
import type { MailFault } from "../../simulator/game/world/mail-server.ts";
import { startWorld, type World } from "../../temporal/test/world.ts";
import { HurriedClock } from "../test/hurried-clock.ts";
import { PlayedGame } from "../test/played-game.ts";
import { type RunningBridge, startBridge } from "../test/running-bridge.ts";
import { until } from "../test/until.ts";
import { drawWinner, payoutOf, type Winner } from "../test/winner.ts";

/*
 * The client dies at every step of a payout's story: nothing is saved, what the log had not written is lost. Whatever the
 * step, the payout ends Sent with one mail in the ledger of the realm; where nobody but the streamer can know, nothing
 * moves before the answer, which here is the truth.
 */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const clock = new HurriedClock();
afterAll(() => clock.stop());
let folder: string;
let played: PlayedGame;
let running: RunningBridge;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-crash-"));
  announced = 0;
  // Whatever a test that failed has left.
  await world.database.query("delete from desktop_leases");
  await world.database.query("delete from pool_entries");
  const { body } = await world.desktop("GET", "/api/payouts/pending");
  for (const { id } of body) await world.desktop("PATCH", `/api/payouts/${id}/status`, { status: "Failed" });
});
afterEach(async () => {
  await running.stop();
  played.stop();
  await rm(folder, { recursive: true });
});

const isSent = async (winner: Winner) => (await payoutOf(world, winner))?.status === "Sent";
const mailsTo = ({ characterName }: Winner) => played.ledger.filter(({ to }) => to === characterName);
const namings = (payoutId: string) =>
  played.typed.filter((line) => line.includes("ReceiveGold") && line.includes(payoutId)).length;

/** A question that was asked, and what the streamer found in the mailbox. */
interface Asked {
  readonly reason: string;
  readonly answer: "sent" | "not_sent";
}

/** Plays on until the payout is Sent, answering what is asked by the realm's ledger. The game is started again when it died. */
async function playOn(winner: Winner): Promise<Asked[]> {
  const asked: Asked[] = [];
  await until(async () => {
    if (played.game.screen === "closed") played.restart();
    const { bridge, store } = running;
    for (const [id, { reason }] of store.all("question")) {
      const answer = mailsTo(winner).length > 0 ? "sent" : "not_sent";
      asked.push({ reason, answer });
      expect(await payoutOf(world, winner)).toMatchObject({ status: "InProgress", isMailConfirmed: false });
      const before = namings(id);
      expect(await bridge.answer(id, answer)).toEqual({ ok: true });
      // While it was a question, nobody named it again.
      expect(namings(id)).toBe(before);
    }
    return isSent(winner);
  });
  await until(() => running.store.all("fact").size === 0 && running.store.all("injected").size === 0);
  expect(mailsTo(winner)).toEqual([{ to: winner.characterName, copper: PAYOUT_COPPER }]);
  expect(await payoutOf(world, winner)).toMatchObject({ status: "Sent", isMailConfirmed: true });
  expect([...running.store.all("question"), ...running.store.all("sending")]).toEqual([]);
  return asked;
}

async function open(game: Parameters<typeof PlayedGame.open>[0]["game"] = {}): Promise<void> {
  played = await PlayedGame.open({ folder, clock, game });
  running = await startBridge({ world, played, clock, folder });
}

/** Dies, once, when something is so after a frame. */
function dieWhen(isSo: () => boolean): void {
  let isDone = false;
  played.onFrame = () => {
    if (isDone || !played.isInWorld || !isSo()) return;
    isDone = true;
    played.crash();
  };
}

/** Dies, once, instead of hearing a command. */
function dieInsteadOf(command: string): void {
  let isDone = false;
  played.onType = (line) => {
    if (isDone || !line.startsWith(`/run ${command}(`)) return;
    isDone = true;
    played.crash();
  };
}

/** Dies, once, before Send is pressed. */
function dieWithTheFormFilled(): void {
  let isDone = false;
  played.onPrepared = () => {
    if (isDone || !isOnRecord()) return;
    isDone = true;
    played.crash();
  };
}

const isOnRecord = () => [...running.store.all("injected").values()].some((one) => one.isOnRecord);
const typed = (command: string) => played.typed.some((line) => line.startsWith(`/run ${command}(`));

describe("a client that dies before any mail could have left", () => {
  it.each<[string, (winner: Winner) => void]>([
    ["while it says that it is ready", () => dieWhen(() => played.logged.includes("[MGM_READY]"))],
    ["instead of hearing a hello", () => dieInsteadOf("MGM_Hello")],
    ["before it answers the hello", () => dieWhen(() => typed("MGM_Hello"))],
    ["when it has answered the hello", () => dieWhen(() => played.logged.includes("[MGM_HELLO"))],
    ["instead of hearing whom to look for", () => dieInsteadOf("MGM_RunWhoForSpin")],
    ["while it looks for the candidate", () => dieWhen(() => typed("MGM_RunWhoForSpin"))],
    ["when it has found the candidate", () => dieWhen(() => played.logged.includes("[MGM_WHO]"))],
    ["instead of hearing whom to whisper to", () => dieInsteadOf("NotifyWinnerWhisper")],
    ["when the winner was asked", (winner) => dieWhen(() => played.questionsTo(winner.characterName) === 1)],
    ["when the winner's answer is in the log", () => dieWhen(() => played.logged.includes("[MGM_ACCEPT"))],
    ["instead of hearing of the gold", () => dieInsteadOf("ReceiveGold")],
    ["when the gold's row is ready and acknowledged", () => dieWhen(() => isOnRecord() && played.rows[0] === "READY")],
    ["with the mail form filled", () => dieWithTheFormFilled()],
  ])("%s asks nobody anything", { timeout: 60_000 }, async (step, prepare) => {
    await open();
    const winner = await clock.hold(() => drawWinner(world, played));
    prepare(winner);
    const asked = await playOn(winner);
    // Of a naming that was never acknowledged nothing is known; of everything else it is known that no mail left.
    expect(asked).toEqual(step === "instead of hearing of the gold" ? [UNHEARD] : []);
  });
});

const UNHEARD: Asked = { reason: "session_not_flushed", answer: "not_sent" };
describe("a client that dies with a mail announced", () => {
  it.each<[string, MailFault, () => boolean, Asked[]]>([
    [
      "before it left",
      { kind: "crash", when: "before" },
      () => false,
      [{ reason: "sending_open", answer: "not_sent" }],
    ],
    [
      "after it left, unanswered",
      { kind: "crash", when: "taken" },
      () => false,
      [{ reason: "sending_open", answer: "sent" }],
    ],
    [
      "after its packet was lost",
      { kind: "lost" },
      () => isAnnounced(),
      [{ reason: "sending_open", answer: "not_sent" }],
    ],
    [
      "after it was taken in silence",
      { kind: "silent" },
      () => played.ledger.length > 0,
      [{ reason: "sending_open", answer: "sent" }],
    ],
    [
      "after it was refused, before that was certain",
      { kind: "failed" },
      () => isAnnounced() && played.game.clock.nowMs > announcedAt() + 3_000,
      [{ reason: "sending_open", answer: "not_sent" }],
    ],
  ])(
    "%s leaves a question, and nothing moves before the answer",
    { timeout: 60_000 },
    async (_, fault, dies, questions) => {
      await open();
      const winner = await clock.hold(() => drawWinner(world, played));
      played.game.world.mail.addFault(fault);
      dieWhen(dies);
      expect(await playOn(winner)).toEqual(questions);
    },
  );

  it("when it was answered, has told the log or leaves a question", { timeout: 60_000 }, async () => {
    await open();
    const winner = await clock.hold(() => drawWinner(world, played));
    played.game.world.mail.addFault({ kind: "crash", when: "answered" });
    const asked = await playOn(winner);
    expect([[], [{ reason: "sending_open", answer: "sent" }]]).toContainEqual(asked);
  });

  it("when it has told the log, asks nobody, though the API hears of it only much later", {
    timeout: 60_000,
  }, async () => {
    await open();
    const winner = await clock.hold(() => drawWinner(world, played));
    dieWhen(() => played.logged.includes("[MGM_CONFIRM"));
    expect(await playOn(winner)).toEqual([]);
  });
});

const isAnnounced = () => played.logged.includes("[MGM_SENDING");
let announced = 0;
function announcedAt(): number {
  if (announced === 0) announced = played.game.clock.nowMs;
  return announced;
}

describe("a session whose log could not be flushed", () => {
  it.each([
    ["with the mail on its way", true, "sent"],
    ["with the gold in the queue", false, "not_sent"],
  ] as const)("and that ended %s is a question", { timeout: 60_000 }, async (_, isMailed, answer) => {
    const disk = fileLog(installedIn(join(folder, "game")).logFile);
    let isFull = false;
    const logStorage = {
      ...disk,
      writeAt: (at: number, bytes: Uint8Array) => (isFull ? undefined : disk.writeAt(at, bytes)),
    };
    await open({ logStorage });
    played.onType = (line) => {
      if (line.startsWith("/run ReceiveGold(")) isFull = true;
    };
    played.handIsAtMailbox = isMailed;
    const winner = await clock.hold(() => drawWinner(world, played));
    await until(() => (isMailed ? played.ledger.length === 1 : played.rows.includes("READY")));
    expect(played.logged).not.toContain("[MGM_SENDING");
    played.onType = () => undefined;
    played.crash();
    isFull = false;
    played.handIsAtMailbox = true;
    expect(await playOn(winner)).toEqual([{ reason: "session_not_flushed", answer }]);
  });
});
