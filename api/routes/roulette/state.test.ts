import type { RouletteStateDto } from "@mgm/domain/wire";
import { reconcileScheduleId, spinCycleWorkflowId, spinScheduleId } from "@mgm/workflows/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureSchedules } from "../../../temporal/schedule.ts";
import { eventually, report, startWorld, type World } from "../../../temporal/test/world.ts";

const timings = { intervalMs: 4_000, wheelMs: 1_200, graceMs: 1_500, slackMs: 300, resultMs: 800 };

let world: World;
beforeAll(async () => {
  world = await startWorld({ timings });
  await ensureSchedules(world.client, { ...world, timings: world.timings });
});
afterAll(async () => {
  for (const id of [spinScheduleId(world.broadcasterId), reconcileScheduleId(world.broadcasterId)]) {
    await world.client.schedule.getHandle(id).delete();
  }
  await world.stop();
});

const untilState = (holds: (state: RouletteStateDto) => boolean): Promise<RouletteStateDto> =>
  eventually(async () => {
    const state = await world.state();
    return holds(state) && state;
  });

async function pause(paused: boolean): Promise<void> {
  const token = await world.token({ role: "moderator", userId: "mod" });
  const response = await fetch(`${world.apiUrl}/api/broadcaster/spins`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ paused }),
  });
  expect(response.status).toBe(200);
}

const boundaryOf = (state: RouletteStateDto): number => Date.parse(state.nextSpinAt ?? "") - timings.intervalMs;

describe("what viewers see, by the schedule's own boundaries", () => {
  it("is idle while nobody is in the pool", async () => {
    const state = await untilState((now) => now.spinPhase === "idle");
    expect(state).toMatchObject({
      candidate: null,
      wheel: [],
      lastSpin: null,
      currentSpinCycleId: null,
      paused: false,
    });
    expect(Date.parse(state.nextSpinAt ?? "") % timings.intervalMs).toBe(0);
    expect(state.phaseEndsAt).toBe(state.nextSpinAt);
  });

  it("goes from the wheel to the result, and holds the outcome back while the wheel runs", async () => {
    await world.say({ id: "winner", displayName: "Winner" }, "!twgold Norinn");
    const spinning = await untilState((now) => now.spinPhase === "spinning");
    const boundary = boundaryOf(spinning);
    expect(spinning).toMatchObject({ candidate: "Norinn", wheel: ["Norinn"], poolParticipantCount: 1 });
    expect(Date.parse(spinning.phaseEndsAt ?? "")).toBe(boundary + timings.wheelMs);
    const spinCycleId = spinning.currentSpinCycleId ?? "";
    const { body } = await world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, "Norinn", true));
    expect(body).toMatchObject({ outcome: "won" });

    const token = await world.token({ role: "viewer", userId: "winner" });
    const held = await world.state();
    const mine = await world.get("/api/payouts/my-last", token);
    expect(Date.now()).toBeLessThan(boundary + timings.wheelMs);
    expect(held).toMatchObject({ spinPhase: "spinning", candidate: "Norinn", lastSpin: null });
    expect(mine).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect((await world.desktop("GET", "/api/payouts/pending")).body).toHaveLength(1);
    expect((await world.desktop("GET", "/api/roulette/candidate")).status).toBe(204);

    const completed = await untilState((now) => now.spinPhase !== "spinning");
    expect(completed).toMatchObject({
      spinPhase: "completed",
      candidate: null,
      currentSpinCycleId: spinCycleId,
      lastSpin: { spinCycleId, spunAt: new Date(boundary).toISOString(), outcome: "won", characterName: "Norinn" },
    });
    expect((await world.get("/api/payouts/my-last", token)).body).toMatchObject({ status: "Pending" });
    const collecting = await untilState((now) => now.spinPhase === "collecting");
    expect(collecting).toMatchObject({ currentSpinCycleId: spinCycleId, wheel: ["Norinn"] });
    const workflowId = spinCycleWorkflowId(world.broadcasterId, boundary);
    expect(await world.client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: "won" });
  });

  it("leaves a late cycle's outcome to lastSpin, while the newest boundary rules", async () => {
    await world.say({ id: "late", displayName: "Late" }, "!twgold Zugzug");
    const verification = await untilState((now) => now.spinPhase === "verification" && now.candidate === "Zugzug");
    expect(verification.phaseEndsAt).toBe(verification.nextSpinAt);
    const spinCycleId = verification.currentSpinCycleId ?? "";
    const next = await untilState((now) => now.currentSpinCycleId !== spinCycleId && now.spinPhase === "idle");
    expect(next.wheel).toEqual(["Zugzug"]);
    // The report still counts, but nobody is sent to look any more.
    expect((await world.desktop("GET", "/api/roulette/candidate")).status).toBe(204);
    const late = await world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, "Zugzug", false));
    expect(late).toMatchObject({ status: 200, body: { outcome: "offline" } });
    expect(await world.state()).toMatchObject({ lastSpin: { spinCycleId, outcome: "offline" } });
  });
});

describe("pausing", () => {
  it("lets the running cycle go on, skips the next boundary, and is over when a cycle starts", async () => {
    const running = await untilState((now) => now.spinPhase === "spinning");
    await pause(true);
    expect(await world.state()).toMatchObject({ paused: true, nextSpinAt: null, candidate: running.candidate });
    const idle = await untilState((now) => now.spinPhase === "idle");
    expect(idle).toMatchObject({ phaseEndsAt: null, currentSpinCycleId: null, paused: true });
    const skipped = await eventually(async () => {
      const { rows } = await world.database.query("select skipped_boundary_at from channels");
      return rows[0]?.skipped_boundary_at;
    });
    const cycles = await world.database.query("select from spin_cycles where boundary_at = $1", [skipped]);
    expect(cycles.rowCount).toBe(0);
    const skippedId = spinCycleWorkflowId(world.broadcasterId, skipped.getTime());
    expect(await world.client.workflow.getHandle(skippedId).result()).toEqual({
      spinCycleId: null,
      outcome: "paused",
      payoutId: null,
    });
    await pause(false);
    await untilState((now) => now.spinPhase === "spinning");
  });
});

describe("a draw that comes too late", () => {
  it("is missed, but only a slack after the last moment, when none can be under way", async () => {
    const boundary = Date.now() - 50;
    const late = { ...world.timings, intervalMs: 1, graceMs: 1, slackMs: 3_000 };
    const handle = await world.client.workflow.start("spinCycle", {
      workflowId: `late-${world.broadcasterId}`,
      taskQueue: world.taskQueue,
      args: [{ broadcasterId: world.broadcasterId, timings: late, boundary }],
    });
    const { spinCycleId, outcome } = await handle.result();
    expect(outcome).toBe("missed");
    const { rows } = await world.database.query("select outcome_at from spin_cycles where spin_cycle_id = $1", [
      spinCycleId,
    ]);
    expect(rows[0].outcome_at.getTime()).toBeGreaterThanOrEqual(boundary + late.graceMs + late.slackMs);
  });
});

describe("a start at no boundary", () => {
  it("ends as missed and leaves nothing behind", async () => {
    const before = await world.database.query("select from spin_cycles");
    const handle = await world.client.workflow.start("spinCycle", {
      workflowId: `manual-${world.broadcasterId}`,
      taskQueue: world.taskQueue,
      args: [{ broadcasterId: world.broadcasterId, timings: world.timings, boundary: 1_234_567 }],
    });
    expect(await handle.result()).toEqual({ spinCycleId: null, outcome: "missed", payoutId: null });
    expect((await world.database.query("select from spin_cycles where boundary_at < '2000-01-01'")).rowCount).toBe(0);
    expect(before.rowCount).toBeGreaterThan(0);
  });

  it("at a boundary that is long over is missed, and its report finds no candidate", async () => {
    const boundary = Math.floor(Date.now() / timings.intervalMs) * timings.intervalMs - 100 * timings.intervalMs;
    const handle = await world.client.workflow.start("spinCycle", {
      workflowId: spinCycleWorkflowId(world.broadcasterId, boundary),
      taskQueue: world.taskQueue,
      args: [{ broadcasterId: world.broadcasterId, timings: world.timings, boundary }],
    });
    const { spinCycleId, outcome } = await handle.result();
    expect(outcome).toBe("missed");
    const answer = await world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, "Norinn", true));
    expect(answer).toMatchObject({ status: 409, body: { code: "pool_empty" } });
  });
});
