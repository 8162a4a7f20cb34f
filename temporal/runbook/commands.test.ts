import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { reconcileScheduleId, spinScheduleId } from "@mgm/workflows/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureSchedules, keepSchedules } from "../schedule.ts";
import { temporalProgram, typeCommand } from "../test/command-line.ts";
import { engines } from "../test/engines.ts";
import { startWorld, type World } from "../test/world.ts";
import { filled, pageCommands, pageSetUp } from "./page.ts";
import { eventuallyHolds, expectConsistent, lastPayoutEvent, payoutOf } from "./read-model.ts";
import { type Subject, type Subjects, subjectsOf } from "./subjects.ts";

/* The commands in docs/how-to/runbook.md: each is typed into a shell as it stands there. */

let world: World;
let subjects: Subjects;
beforeAll(async () => {
  world = await startWorld();
  subjects = subjectsOf(world);
  await ensureSchedules(world.client, world);
});
afterAll(async () => {
  const { spins, mending } = schedules();
  await Promise.all([spins.delete(), mending.delete()]);
  await world.stop();
});

const schedules = () => ({
  spins: world.client.schedule.getHandle(spinScheduleId(world.broadcasterId)),
  mending: world.client.schedule.getHandle(reconcileScheduleId(world.broadcasterId)),
});
const channel = async (): Promise<Subject> => ({
  id: "",
  workflowId: "",
  values: { broadcasterId: world.broadcasterId },
});

interface Case {
  begin(): Promise<Subject>;
  /** Looks at what must have come of it; called until it holds. */
  look(subject: Subject): Promise<void>;
}

const payoutBecomes = (seen: Readonly<Record<string, unknown>>): Case => ({
  begin: () => subjects.payout(),
  look: async ({ id }) => expect(await payoutOf(world, id)).toMatchObject(seen),
});
const giftBecomes = (begin: () => Promise<Subject>, seen: Readonly<Record<string, unknown>>): Case => ({
  begin,
  look: async ({ id }) => expect(await subjects.gifts.row(id)).toMatchObject(seen),
});
const spinsPaused = (paused: boolean): Case => ({
  begin: channel,
  look: async () => expect((await schedules().spins.describe()).state.paused).toBe(paused),
});

const PAYOUT = "--workflow-id payout-<payoutId>";
const QUESTION = "--workflow-id payout-attention-<payoutId>";
const GIFT = "--workflow-id gift-<giftRequestId>";
const DELIVERY = "--workflow-id gift-delivery-<giftRequestId>";
const CASES: Readonly<Record<string, Case>> = {
  [`workflow cancel ${PAYOUT}`]: payoutBecomes({ status: "Cancelled" }),
  [`workflow update execute ${PAYOUT} --name changeStatus --input '{"status":"Failed"}'`]: payoutBecomes({
    status: "Failed",
  }),
  [`workflow update execute ${PAYOUT} --name accept --input '{"characterName":"<character>"}'`]: payoutBecomes({
    status: "Pending",
    winnerAcceptedWillingToReceiveAt: expect.any(String),
  }),
  [`workflow update execute ${PAYOUT} --name confirmMail --input '{}'`]: payoutBecomes({
    status: "Sent",
    mailConfirmedAt: expect.any(String),
  }),
  [`workflow signal ${PAYOUT} --name changeStatusSignal --input '{"status":"Cancelled"}'`]: payoutBecomes({
    status: "Cancelled",
  }),
  [`workflow update execute ${QUESTION} --name settle --input '{"note":"asked the winner, all well"}'`]: {
    begin: () => subjects.attention(),
    async look({ id }) {
      expect(await payoutOf(world, id)).toMatchObject({ needsAttention: false });
      expect(await lastPayoutEvent(world, id)).toMatchObject({
        event: "settled",
        note: "asked the winner, all well",
      });
    },
  },
  [`workflow cancel ${GIFT}`]: giftBecomes(() => subjects.gift(), { failure_reason: "ended_by_operator" }),
  [`workflow update execute ${GIFT} --name fail --input '{"reason":"ended_by_operator"}'`]: giftBecomes(
    () => subjects.gift(),
    { failure_reason: "ended_by_operator" },
  ),
  [`workflow signal ${GIFT} --name sentSignal --input '{}'`]: giftBecomes(() => subjects.gift(), {
    state: "Completed",
    delivered_at: expect.any(Date),
  }),
  [`workflow signal ${DELIVERY} --name sentSignal --input '{}'`]: giftBecomes(() => subjects.delivery(), {
    state: "Completed",
    delivered_at: expect.any(Date),
  }),
  [`workflow signal ${DELIVERY} --name failSignal --input '{"reason":"failed_by_streamer"}'`]: giftBecomes(
    () => subjects.delivery(),
    { state: "Failed", failure_reason: "failed_by_streamer" },
  ),
  "schedule toggle --schedule-id spin-<broadcasterId> --pause --reason maintenance": spinsPaused(true),
  "schedule toggle --schedule-id spin-<broadcasterId> --unpause --reason 'maintenance is over'": spinsPaused(false),
  "schedule trigger --schedule-id reconcile-<broadcasterId>": {
    begin: channel,
    async look() {
      const { info } = await schedules().mending.describe();
      const run = info.recentActions[0]?.action.workflow;
      expect(run).toBeDefined();
      expect(await world.client.workflow.getHandle(run?.workflowId ?? "").result()).toMatchObject({ payoutsFailed: 0 });
    },
  },
  "schedule delete --schedule-id reconcile-<broadcasterId>": {
    begin: channel,
    async look() {
      // Gone, until the worker's keeping makes it again; the paused one beside it stays paused.
      await expect(schedules().mending.describe()).rejects.toThrow();
      await schedules().spins.pause("by a test");
      const faults: unknown[] = [];
      const stop = keepSchedules(world.client, world, { everyMs: 50, onFault: (error) => faults.push(error) });
      await eventuallyHolds(async () => expect((await schedules().mending.describe()).state.paused).toBe(false));
      stop();
      expect((await schedules().spins.describe()).state.paused).toBe(true);
      expect(faults).toEqual([]);
    },
  },
};

describe("the runbook's commands", () => {
  it("are those whose outcome is known here", () => {
    expect(pageCommands().sort()).toEqual(
      Object.keys(CASES)
        .map((command) => `temporal ${command}`)
        .sort(),
    );
  });

  it("find program and server by the line that stands before them", async () => {
    const cache = await mkdtemp(join(tmpdir(), "mgm-cache-"));
    await mkdir(join(cache, "mimirons-gold-o-matic"));
    await symlink(await temporalProgram(), join(cache, "mimirons-gold-o-matic/temporal"));
    const setUp = pageSetUp("export");
    expect(setUp).toContain("=127.0.0.1:7233 ");
    const command = `${setUp.replace("127.0.0.1:7233", engines().temporalAddress)} && temporal schedule list`;
    // Nothing that names a server or a program but the line itself.
    const env = { PATH: "/usr/bin:/bin", HOME: cache, XDG_CACHE_HOME: cache };
    const { stdout } = await promisify(execFile)("/bin/sh", ["-c", command], { env });
    expect(stdout).toContain(spinScheduleId(world.broadcasterId));
    await rm(cache, { recursive: true });
  });

  it.each(pageCommands())("%s", async (command) => {
    const { begin, look } = CASES[command.replace("temporal ", "")] as Case;
    const subject = await begin();
    await typeCommand(filled(command, subject.values), engines().temporalAddress);
    await eventuallyHolds(() => look(subject));
    await subjects.gifts.clear();
  });

  it("leave nothing that does not fit together", async () => {
    await eventuallyHolds(() => expectConsistent(world));
  });
});
