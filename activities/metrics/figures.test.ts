import { openDatabase } from "@mgm/activities/db/database";
import { readTotals } from "@mgm/activities/db/figures/read-totals";
import { Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type Won, type World } from "../../temporal/test/world.ts";
import { FigureMetrics } from "./figures.ts";

const DAY_MS = 86_400_000;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

type Figures = (name: string, labels?: Record<string, string>) => number | undefined;

/** What a process that looks now tells; `process` may be one that has looked before. */
async function look(now?: number, process = new Registry(), metrics = new FigureMetrics(process)): Promise<Figures> {
  const { broadcasterId, timings } = world;
  await metrics.lookUp(world.database, { broadcasterId, intervalMs: timings.intervalMs }, now);
  return figuresOf(await process.metrics());
}

function figuresOf(text: string): Figures {
  return (name, labels = {}) => {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const lines = text.split("\n").filter((one) => one.startsWith(`${name}{`) || one.startsWith(`${name} `));
    const line = lines.find((one) => wanted.every((part) => one.includes(part)));
    return line === undefined ? undefined : Number(line.split(" ").at(-1));
  };
}

/** What indexes are asked for, by the tables that they lead into, anywhere in a plan. */
function conditionsOf(plan: unknown): { table: unknown; condition: unknown }[] {
  if (typeof plan !== "object" || plan === null) return [];
  const inside = Object.values(plan).flatMap(conditionsOf);
  if (!("Index Cond" in plan) || !("Relation Name" in plan)) return inside;
  return [...inside, { table: plan["Relation Name"], condition: plan["Index Cond"] }];
}

const change = async ({ payoutId }: Won, action: string, body?: unknown): Promise<void> => {
  const method = action === "status" ? "PATCH" : "POST";
  const { status } = await world.desktop(method, `/api/payouts/${payoutId}/${action}`, body);
  expect(status).toBe(200);
};

describe("the figures of the database", () => {
  it("are all there from the beginning, as nought", async () => {
    const figure = await look();
    expect(figure("mgm_figures_readable")).toBe(1);
    for (const outcome of ["won", "missed"]) expect(figure("mgm_spins_total", { outcome })).toBe(0);
    expect(figure("mgm_payouts_total", { status: "Sent" })).toBe(0);
    expect(figure("mgm_gifts_total", { reason: "selection_timeout" })).toBe(0);
    expect(figure("mgm_announcements_total", { result: "failed" })).toBe(0);
    expect(figure("mgm_draw_to_sent_seconds_count")).toBe(0);
    // At nought the alert on it would find the first boundary half a century late.
    expect(figure("mgm_spin_last_boundary_timestamp_seconds")).toBeUndefined();
    expect(figure("mgm_payout_next_expiry_timestamp_seconds")).toBeUndefined();
  });

  it("follow payouts from draw to mail, once however many processes tell them", async () => {
    const sent = await world.win(1);
    await change(sent, "status", { status: "InProgress" });
    await change(sent, "confirm-mail-sent");
    const inDoubt = await world.win(2);
    await change(inDoubt, "status", { status: "Failed" });
    await change(inDoubt, "confirm-mail-sent");
    const begun = await world.win(3);
    await change(begun, "confirm-acceptance", { characterName: begun.characterName });
    await change(begun, "status", { status: "InProgress" });
    await world.win(4);
    for (const figure of await Promise.all([look(), look()])) {
      expect(figure("mgm_draws_total")).toBe(4);
      expect(figure("mgm_spins_total", { outcome: "won" })).toBe(4);
      expect(figure("mgm_payouts_total", { status: "Sent" })).toBe(1);
      expect(figure("mgm_payouts_total", { status: "Failed" })).toBe(1);
      expect(figure("mgm_announcements_total", { result: "sent" })).toBe(1);
      expect(figure("mgm_payouts_open", { status: "InProgress", accepted: "yes" })).toBe(1);
      expect(figure("mgm_payouts_open", { status: "Pending", accepted: "no" })).toBe(1);
      expect(figure("mgm_payouts_open", { status: "Pending", accepted: "yes" })).toBe(0);
      expect(figure("mgm_attention_needed", { entity: "payout" })).toBe(1);
      expect(figure("mgm_payout_oldest_in_progress_seconds")).toBeGreaterThan(0);
      expect(figure("mgm_payout_next_expiry_timestamp_seconds", { accepted: "yes" })).toBeGreaterThan(
        Date.now() / 1000 + 23 * 3600,
      );
      expect(figure("mgm_draw_to_sent_seconds_count")).toBe(1);
      expect(figure("mgm_draw_to_sent_seconds_bucket", { le: "90000" })).toBe(1);
      expect(figure("mgm_draw_to_sent_seconds_sum")).toBeGreaterThan(0);
    }
  });

  it("do not fall when what they count grows old", async () => {
    const process = new Registry();
    const metrics = new FigureMetrics(process);
    for (const days of [0, 1, 3, 4, 30]) {
      const figure = await look(Date.now() + days * DAY_MS, process, metrics);
      expect(figure("mgm_payouts_total", { status: "Sent" })).toBe(1);
      expect(figure("mgm_spins_total", { outcome: "won" })).toBe(4);
      expect(figure("mgm_draw_to_sent_seconds_count")).toBe(1);
    }
  });

  it("follow gift requests, and tell of none that nobody agreed to as unsent", async () => {
    await world.say({ id: "giver", displayName: "Giver" }, "!twgift Norinn");
    await world.say({ id: "waiter", displayName: "Waiter" }, "!twgift Dorinn");
    expect((await look())("mgm_gift_queue_length")).toBe(2);
    const { body } = await world.desktop("GET", "/api/gift-requests");
    await world.desktop("PATCH", `/api/gift-requests/${body[0].id}`, { state: "Failed", reason: "no_items_available" });
    const figure = await look();
    expect(figure("mgm_gift_queue_length")).toBe(1);
    expect(figure("mgm_gifts_total", { state: "Failed", reason: "no_items_available" })).toBe(1);
    expect(figure("mgm_gifts_unsent")).toBe(0);
  });

  it("count an announcement as failed that nobody claimed in its time, and not before that", async () => {
    const { rows } = await world.database.query("delete from announcement_claims where state = 'sent' returning *");
    expect(rows).toHaveLength(1);
    const result = "failed";
    expect((await look())("mgm_announcements_total", { result })).toBe(0);
    await world.database.query("update payout_events set at = at - interval '11 minutes' where status = 'Sent'");
    const figure = await look();
    expect(figure("mgm_announcements_total", { result })).toBe(1);
    expect(figure("mgm_announcements_total", { result: "sent" })).toBe(0);
  });

  it("look at nothing that began at another time", async () => {
    const limits = { maxConnections: 1, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
    const database = openDatabase(world.databaseUrl, limits, () => undefined);
    try {
      // A table of a few rows is never worth an index.
      for (const way of ["seqscan", "bitmapscan"]) await database.query(`set enable_${way} = off`);
      await readTotals(database, world.broadcasterId, { from: 0, until: DAY_MS });
      const { rows } = await database.query<{ "QUERY PLAN": unknown }>(
        `explain (format json) execute "read-totals" ('${world.broadcasterId}', to_timestamp(0), to_timestamp(86400))`,
      );
      const found = conditionsOf(rows[0]?.["QUERY PLAN"]);
      for (const [table, column] of Object.entries({
        spin_cycles: "boundary_at",
        payouts: "created_at",
        gift_requests: "created_at",
      })) {
        expect(found).toContainEqual({ table, condition: expect.stringContaining(`(${column} < `) });
      }
    } finally {
      await database.end();
    }
  });

  it("tell how long the server has owed an end", async () => {
    await world.stopWorker();
    expect((await look())("mgm_overdue_seconds", { entity: "payout" })).toBe(0);
    await world.database.query(
      "update payouts set expires_at = now() - interval '1 minute' where status in ('Pending', 'InProgress')",
    );
    expect((await look())("mgm_overdue_seconds", { entity: "payout" })).toBeGreaterThan(50);
    expect((await look())("mgm_overdue_seconds", { entity: "spin" })).toBe(0);
  });

  it("are left out, and said to be so, when they cannot be read", async () => {
    const process = new Registry();
    const metrics = new FigureMetrics(process);
    await look(undefined, process, metrics);
    await world.database.query("alter table payouts rename to hidden");
    const figure = await look(undefined, process, metrics);
    expect(figure("mgm_figures_readable")).toBe(0);
    expect(figure("mgm_pool_entries")).toBeUndefined();
    expect(figure("mgm_payouts_total", { status: "Sent" })).toBeUndefined();
  });
});
