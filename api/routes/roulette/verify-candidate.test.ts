import { randomUUID } from "node:crypto";
import { decideCycle } from "@mgm/activities/db/spin/decide-cycle";
import { recordReport } from "@mgm/activities/db/spin/record-report";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, eventually, randomName, report, startWorld, type World } from "../../../temporal/test/world.ts";

let world: World;
let variant = 1;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const verify = (body: unknown): Promise<Answer> => world.desktop("POST", "/api/roulette/verify-candidate", body);

/** A drawn cycle with one entrant of its own. */
async function drawn(timings = {}): Promise<{ spinCycleId: string; workflowId: string; name: string; user: string }> {
  const name = randomName();
  const user = `u-${name}`;
  await world.database.query("delete from pool_entries");
  await world.say({ id: user, displayName: name }, `!twgold ${name}`);
  const { spinCycleId, workflowId } = await world.spin(variant++, timings);
  return { spinCycleId, workflowId, name, user };
}

async function outcomeOf(spinCycleId: string): Promise<string | null> {
  const { rows } = await world.database.query("select outcome from spin_cycles where spin_cycle_id = $1", [
    spinCycleId,
  ]);
  return rows[0].outcome;
}

async function payoutsOf(spinCycleId: string): Promise<number> {
  const { rowCount } = await world.database.query("select from payouts where spin_cycle_id = $1", [spinCycleId]);
  return rowCount ?? 0;
}

/** Writes a report down as an API process does that dies right after. */
const record = (spinCycleId: string, online: boolean): Promise<boolean> => {
  const now = Date.now();
  return recordReport(world.database, {
    ...{ spinCycleId, broadcasterId: world.broadcasterId },
    ...{ online, capturedAt: now, receivedAt: now },
  });
};

describe("a report that decides nothing", () => {
  it("names a cycle that nobody knows", async () => {
    const answer = await verify(report(randomUUID(), "Norinn", true));
    expect(answer).toMatchObject({ status: 400, body: { code: "out_of_sequence" } });
  });

  it("names a cycle without candidate", async () => {
    await world.database.query("delete from pool_entries");
    const { spinCycleId } = await world.spin(variant++);
    expect(await outcomeOf(spinCycleId)).toBe("nobody_eligible");
    const answer = await verify(report(spinCycleId, "Norinn", true));
    expect(answer).toMatchObject({ status: 409, body: { code: "pool_empty" } });
  });

  it.each([true, false])(
    "names somebody else (online: %s), and the right one still counts after it",
    async (online) => {
      const { spinCycleId, name } = await drawn();
      for (const wrong of [randomName(), "not a name", ""]) {
        const answer = await verify(report(spinCycleId, wrong, online));
        expect(answer).toMatchObject({ status: 400, body: { code: "character_name_mismatch" } });
      }
      expect(await outcomeOf(spinCycleId)).toBeNull();
      expect(await verify(report(spinCycleId, name.toUpperCase(), true))).toMatchObject({
        status: 200,
        body: { outcome: "won" },
      });
    },
  );

  it.each([true, false])("comes after the grace (online: %s)", async (online) => {
    const { spinCycleId, name } = await drawn();
    await world.database.query(
      "update spin_cycles set verify_until = now() - interval '1 millisecond' where spin_cycle_id = $1",
      [spinCycleId],
    );
    const answer = await verify(report(spinCycleId, name, online));
    expect(answer).toMatchObject({ status: 400, body: { code: "out_of_sequence" } });
    expect(await outcomeOf(spinCycleId)).toBeNull();
    expect(await payoutsOf(spinCycleId)).toBe(0);
  });

  it.each([
    ["another schema version", { schemaVersion: 2 }],
    ["no schema version", { schemaVersion: undefined }],
    ["an ill-formed id", { spinCycleId: "1" }],
    ["no captured time", { capturedAt: undefined }],
    ["a captured time in another form", { capturedAt: "yesterday" }],
    ["online as a text", { online: "true" }],
  ])("has %s", async (_, change) => {
    const answer = await verify({ ...report(randomUUID(), "Norinn", true), ...change });
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_payload" } });
  });
});

describe("the report that decides", () => {
  it("makes one payout when it comes twice, and gets the same answer for ever", async () => {
    const { spinCycleId, workflowId, name } = await drawn();
    const first = await verify(report(spinCycleId, name, true));
    expect(first).toMatchObject({ status: 200, body: { outcome: "won" } });
    await world.client.workflow.getHandle(workflowId).result();
    const again = await verify({ ...report(spinCycleId, name, true), capturedAt: "2020-01-01T00:00:00Z" });
    expect(again.body).toEqual(first.body);
    expect(await payoutsOf(spinCycleId)).toBe(1);
    const contradiction = await verify(report(spinCycleId, name, false));
    expect(contradiction).toMatchObject({ status: 400, body: { code: "out_of_sequence" } });
  });

  it("makes one payout when two API processes take it at the same moment", async () => {
    const another = await world.startApi();
    const { spinCycleId, name } = await drawn();
    const key = world.environment.DESKTOP_API_KEYS ?? "";
    const url = `http://127.0.0.1:${another.port}/api/roulette/verify-candidate`;
    const headers = { "X-MGM-ApiKey": key, "Content-Type": "application/json" };
    const body = JSON.stringify(report(spinCycleId, name, true));
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, i) =>
        i % 2 === 0
          ? (await verify(report(spinCycleId, name, true))).body
          : await (await fetch(url, { method: "POST", headers, body })).json(),
      ),
    );
    expect(new Set(answers.map((answer) => answer.payoutId)).size).toBe(1);
    expect(answers[0]).toMatchObject({ outcome: "won" });
    expect(await payoutsOf(spinCycleId)).toBe(1);
  });

  it("is one of two that contradict each other at the same moment", async () => {
    for (let i = 0; i < 5; i++) {
      const { spinCycleId, name } = await drawn();
      const answers = await Promise.all([true, false].map((online) => verify(report(spinCycleId, name, online))));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    }
  });

  it("is the first that was recorded, while the cycle is open", async () => {
    const { spinCycleId } = await drawn();
    expect([await record(spinCycleId, false), await record(spinCycleId, true)]).toEqual([true, false]);
    const decided = await drawn();
    await world.database.query("update spin_cycles set outcome = 'unverified' where spin_cycle_id = $1", [
      decided.spinCycleId,
    ]);
    expect(await record(decided.spinCycleId, true)).toBe(false);
  });

  it("counts when it comes again after an API process died between writing it down and telling the cycle", async () => {
    const { spinCycleId, name } = await drawn();
    await record(spinCycleId, true);
    expect(await verify(report(spinCycleId, name, true))).toMatchObject({ status: 200, body: { outcome: "won" } });
  });

  it("shows in lastSpin by its boundary, not by when it came", async () => {
    const [older, newer] = [await drawn(), await drawn()];
    await verify(report(newer.spinCycleId, newer.name, false));
    await verify(report(older.spinCycleId, older.name, false));
    expect((await world.state()).lastSpin).toMatchObject({ spinCycleId: newer.spinCycleId });
  });

  it("makes one payout when cycles of one viewer are decided at the same moment", async () => {
    const cycles = [await drawn(), await drawn(), await drawn()];
    const user = cycles[2]?.user;
    for (const { spinCycleId } of cycles) {
      await world.database.query("update spin_cycles set candidate_user_id = $2 where spin_cycle_id = $1", [
        spinCycleId,
        user,
      ]);
      await record(spinCycleId, true);
    }
    const { broadcasterId, database } = world;
    const barrier = await database.connect();
    await barrier.query("begin");
    await barrier.query("lock table payouts in share mode");
    const deciding = Promise.all(
      cycles.map(({ spinCycleId }) =>
        decideCycle(database, { broadcasterId, spinCycleId, final: false, at: Date.now() }),
      ),
    );
    // Each has found nothing in its way by now, and waits to write its payout.
    await eventually(async () => {
      const { rowCount } = await database.query(
        `select from pg_locks join pg_database on pg_database.oid = database
          where datname = current_database() and relation = 'payouts'::regclass and not granted`,
      );
      return rowCount === cycles.length;
    });
    await barrier.query("commit");
    barrier.release();
    const decided = await deciding;
    expect(decided.map(({ outcome }) => outcome).sort()).toEqual(["refused", "refused", "won"]);
  });

  it("makes one payout because the database takes no other", async () => {
    const { spinCycleId, name } = await drawn();
    await verify(report(spinCycleId, name, true));
    const copy = (table: "spin_cycles" | "payouts", changes: Record<string, unknown>) =>
      world.database.query(
        `insert into ${table} select (jsonb_populate_record(null::${table}, to_jsonb(present) || $2)).*
           from ${table} present where spin_cycle_id = $1`,
        [spinCycleId, changes],
      );
    const [id, other] = [randomUUID(), randomUUID()];
    for (const [table, changes, constraint] of [
      ["spin_cycles", { spin_cycle_id: id }, "spin_cycles_one_per_boundary"],
      ["payouts", { payout_id: id, status: "Sent" }, "payouts_one_per_cycle"],
      ["payouts", { payout_id: id, spin_cycle_id: other }, "payouts_one_active_per_viewer"],
    ] as const) {
      await expect(copy(table, changes)).rejects.toMatchObject({ code: "23505", constraint });
    }
  });

  it("says offline: no payout, and no second draw in the cycle", async () => {
    const { spinCycleId, workflowId, name } = await drawn();
    expect(await verify(report(spinCycleId, name, false))).toMatchObject({
      status: 200,
      body: { spinCycleId, outcome: "offline", payoutId: null },
    });
    expect(await world.client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: "offline" });
    expect(await payoutsOf(spinCycleId)).toBe(0);
  });

  it("counts under the name as drawn, although the viewer took another one since", async () => {
    const { spinCycleId, name, user } = await drawn();
    await world.say({ id: user, displayName: name }, `!twgold ${randomName()}`);
    expect(await verify(report(spinCycleId, name, true))).toMatchObject({ status: 200, body: { outcome: "won" } });
  });
});

describe("an online candidate who may not be paid any more", () => {
  const refusedWith = async (prepare: (user: string) => Promise<unknown>): Promise<void> => {
    const { spinCycleId, name, user } = await drawn();
    const code = await prepare(user);
    const first = await verify(report(spinCycleId, name, true));
    expect(first).toMatchObject({ status: 409, body: { code, details: { spinCycleId, outcome: "refused" } } });
    const again = await verify(report(spinCycleId, name, true));
    expect(again.body).toEqual(first.body);
    expect(await payoutsOf(spinCycleId)).toBe(0);
  };

  it("left the pool", () =>
    refusedWith(async (user) => {
      await world.database.query("delete from pool_entries where twitch_user_id = $1", [user]);
      return "not_enrolled";
    }));

  it("has an active payout by now, which is told before all else", () =>
    refusedWith(async (user) => {
      await plantPayouts(user, "Pending", 10);
      await world.database.query("delete from pool_entries where twitch_user_id = $1", [user]);
      return "active_payout_exists";
    }));

  it("has reached the lifetime cap, which is told before the pool", () =>
    refusedWith(async (user) => {
      await plantPayouts(user, "Sent", 10);
      await world.database.query("delete from pool_entries where twitch_user_id = $1", [user]);
      return "lifetime_cap_reached";
    }));
});

/** Payouts of earlier days; only the newest has the given status, the others were Sent. */
async function plantPayouts(user: string, status: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await world.database.query(
      `insert into payouts (payout_id, broadcaster_id, spin_cycle_id, twitch_user_id, twitch_display_name,
         character_name, enrollment_request_id, copper, status, version, created_at, updated_at, expires_at,
         visible_from, timings)
       values ($1, $2, $3, $4, $4, 'Old', 'old', 10000000, $5, 1, now(), now(), now() + interval '1 day', now(), $6)`,
      [randomUUID(), world.broadcasterId, randomUUID(), user, i === 0 ? status : "Sent", JSON.stringify(world.timings)],
    );
  }
}

describe("time", () => {
  it("makes a cycle unverified when nobody reports, a slack after its end", async () => {
    const slackMs = 3_000;
    const { spinCycleId, workflowId } = await drawn({ ...endingSoon(2_000), slackMs });
    expect(await world.client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: "unverified" });
    const { rows } = await world.database.query(
      "select outcome, outcome_at, verify_until from spin_cycles where spin_cycle_id = $1",
      [spinCycleId],
    );
    const [{ outcome, outcome_at, verify_until }] = rows;
    expect(outcome).toBe("unverified");
    expect(outcome_at - verify_until).toBeGreaterThanOrEqual(slackMs);
  });

  it("does not end as unverified what was reported, although nobody told the cycle", async () => {
    const { spinCycleId, workflowId } = await drawn(endingSoon(4_000));
    expect(await record(spinCycleId, true)).toBe(true);
    expect(await world.client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: "won" });
  });

  it("is the API's at receipt: the cycle takes a report that it hears of after the end, and none that nobody recorded", async () => {
    const { spinCycleId, workflowId, name } = await drawn({ ...endingSoon(1_500), slackMs: 60_000 });
    const receivedAt = Date.now();
    const tell = () =>
      world.client.workflow.getHandle(workflowId).executeUpdate("report", {
        args: [{ characterName: name, online: true, capturedAt: receivedAt, receivedAt }],
      });
    await expect(tell()).rejects.toMatchObject({ cause: { type: "out_of_sequence" } });
    expect(await outcomeOf(spinCycleId)).toBeNull();
    await record(spinCycleId, true);
    await eventually(async () => {
      const { rows } = await world.database.query("select verify_until from spin_cycles where spin_cycle_id = $1", [
        spinCycleId,
      ]);
      return Date.now() > rows[0].verify_until;
    });
    expect(await tell()).toMatchObject({ outcome: "won" });
  });

  it("counts a report that came just before the end although no worker could act on it in time", async () => {
    const { spinCycleId, workflowId, name } = await drawn(endingSoon(4_000));
    await world.stopWorker();
    const late = await verify(report(spinCycleId, name, true));
    expect(late).toMatchObject({ status: 503, body: { code: "temporarily_unavailable" } });
    await eventually(async () => {
      const { rows } = await world.database.query(
        `select verify_until + interval '700 milliseconds' < clock_timestamp() as over from spin_cycles
          where spin_cycle_id = $1`,
        [spinCycleId],
      );
      return rows[0].over;
    });
    await world.startWorker();
    expect(await world.client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: "won" });
    expect(await verify(report(spinCycleId, name, true))).toMatchObject({ status: 200, body: { outcome: "won" } });
    expect(await payoutsOf(spinCycleId)).toBe(1);
  });
});

/** Timings whose reports end within `ms` from now, but not in its first three quarters. */
function endingSoon(ms: number): { intervalMs: number; graceMs: number } {
  const intervalMs = Math.floor(ms / 4);
  return { intervalMs, graceMs: ms - intervalMs };
}
