import { GIFT_FAILURE_REASONS } from "@mgm/domain/gift";
import { Counter, Gauge, type Registry } from "prom-client";
import type { Database } from "../db/database.ts";
import { readStanding, type Standing } from "../db/figures/read-standing.ts";
import { readTotals, type Total, type Totals, WAIT_BOUNDS_SECONDS } from "../db/figures/read-totals.ts";
import { ReadHistogram } from "./read-histogram.ts";

/*
 * Figures that are facts of the database. Every process reads the same ones, so over several processes they are not
 * summed: `max without (instance, job, pod) (…)`. What a process counts itself stands in the other files of this folder.
 *
 *   standing   one statement at each look
 *   totals     what began in the last days, at each look; what began before, once a day
 */

const DAY_MS = 86_400_000;
/** Nothing that began so many whole days ago will end any more. */
const CLOSED_AFTER_DAYS = 3;

const SPIN_OUTCOMES = ["won", "offline", "unverified", "refused", "nobody_eligible", "missed"];
const PAYOUT_ENDS = ["Sent", "Failed", "Cancelled", "Expired"];
const ANNOUNCEMENT_ENDS = ["sent", "held", "unknown", "failed"];

/** Whose figures are read, and how often it spins. */
export interface Channel {
  readonly broadcasterId: string;
  readonly intervalMs: number;
}

/** Declares the figures of a channel. */
export class FigureMetrics {
  readonly #readable: Gauge;
  readonly #interval: Gauge<"broadcaster">;
  readonly #standing: ReturnType<typeof declareStanding>;
  readonly #totals: ReturnType<typeof declareTotals>;
  #closed: { readonly until: number; readonly totals: Totals } | null = null;

  constructor(registry: Registry) {
    this.#readable = new Gauge({
      name: "mgm_figures_readable",
      help: "1 when the figures of the database could be read just now; without them the alerts on them are silent.",
      registers: [registry],
    });
    this.#interval = new Gauge({
      name: "mgm_spin_interval_seconds",
      help: "Time between two spins, as this process is set.",
      labelNames: ["broadcaster"],
      registers: [registry],
    });
    this.#standing = declareStanding(registry);
    this.#totals = declareTotals(registry);
  }

  /** Reads the channel's figures; those that cannot be read are left out. Never rejects. */
  async lookUp(
    database: Database,
    { broadcasterId: broadcaster, intervalMs }: Channel,
    now = Date.now(),
  ): Promise<void> {
    const [standing, totals] = await Promise.allSettled([
      readStanding(database, broadcaster),
      this.#readTotals(database, broadcaster, now),
    ]);
    this.#readable.set(standing.status === "fulfilled" && totals.status === "fulfilled" ? 1 : 0);
    this.#interval.set({ broadcaster }, intervalMs / 1000);
    // All at once: a scrape in between would see half of it.
    showStanding(this.#standing, broadcaster, standing.status === "fulfilled" ? standing.value : null);
    showTotals(this.#totals, broadcaster, totals.status === "fulfilled" ? totals.value : null);
  }

  async #readTotals(database: Database, broadcaster: string, now: number): Promise<Totals[]> {
    const until = (Math.floor(now / DAY_MS) - CLOSED_AFTER_DAYS) * DAY_MS;
    if (this.#closed?.until !== until) {
      this.#closed = { until, totals: await readTotals(database, broadcaster, { from: 0, until }) };
    }
    return [this.#closed.totals, await readTotals(database, broadcaster, { from: until, until: now + DAY_MS })];
  }
}

function declareStanding(registry: Registry) {
  const gauge = <Label extends string>(name: string, help: string, ...labels: Label[]) =>
    new Gauge({ name, help, labelNames: ["broadcaster", ...labels], registers: [registry] });
  return {
    poolEntries: gauge("mgm_pool_entries", "Viewers who are enrolled now."),
    paused: gauge("mgm_spins_paused", "1 while the streamer has paused the spins."),
    lastBoundary: gauge(
      "mgm_spin_last_boundary_timestamp_seconds",
      "Newest boundary that had its draw or was skipped because spins were paused; absent before the first.",
    ),
    openPayouts: gauge("mgm_payouts_open", "Payouts that are owed, by status and consent.", "status", "accepted"),
    nextExpiry: gauge(
      "mgm_payout_next_expiry_timestamp_seconds",
      "When the first of the open payouts expires; absent while there is none.",
      "accepted",
    ),
    oldestInProgress: gauge(
      "mgm_payout_oldest_in_progress_seconds",
      "For how long the oldest payout that is InProgress has been so; 0 while none is.",
    ),
    needingAttention: gauge("mgm_attention_needed", "Payouts and gifts that only a human can settle.", "entity"),
    giftQueue: gauge("mgm_gift_queue_length", "Gift requests that wait or are served."),
    unsentGifts: gauge("mgm_gifts_unsent", "Gifts that were agreed on and whose mail was not sent yet."),
    desktopSeen: gauge(
      "mgm_desktop_seen_timestamp_seconds",
      "Last beat of the streamer's active desktop; 0 before the first.",
    ),
    forgedLines: new Counter({
      name: "mgm_forged_lines_total",
      help: "Lines of the game's log that tried to be the addon's, as desktops report them.",
      labelNames: ["broadcaster"],
      registers: [registry],
    }),
    overdue: gauge(
      "mgm_overdue_seconds",
      "For how long the server should have ended a cycle, payout or gift request and has not: how far workers are behind.",
      "entity",
    ),
  };
}

function showStanding(
  metrics: ReturnType<typeof declareStanding>,
  broadcaster: string,
  standing: Standing | null,
): void {
  for (const metric of Object.values(metrics)) metric.reset();
  if (standing === null) return;
  const of = { broadcaster };
  metrics.poolEntries.set(of, standing.poolEntries);
  metrics.paused.set(of, standing.isPaused ? 1 : 0);
  if (standing.lastBoundary !== null) metrics.lastBoundary.set(of, standing.lastBoundary);
  for (const status of ["Pending", "InProgress"]) {
    for (const accepted of ["yes", "no"]) metrics.openPayouts.set({ ...of, status, accepted }, 0);
  }
  for (const { status, isAccepted, count } of standing.openPayouts) {
    metrics.openPayouts.set({ ...of, status, accepted: isAccepted ? "yes" : "no" }, count);
  }
  for (const accepted of ["yes", "no"]) {
    const expiries = standing.openPayouts.filter((group) => group.isAccepted === (accepted === "yes"));
    if (expiries.length === 0) continue;
    metrics.nextExpiry.set({ ...of, accepted }, Math.min(...expiries.map(({ nextExpiry }) => nextExpiry)));
  }
  metrics.oldestInProgress.set(of, standing.oldestInProgressSeconds ?? 0);
  metrics.needingAttention.set({ ...of, entity: "payout" }, standing.payoutsNeedingAttention);
  metrics.needingAttention.set({ ...of, entity: "gift" }, standing.giftsNeedingAttention);
  metrics.giftQueue.set(of, standing.openGifts);
  metrics.unsentGifts.set(of, standing.unsentGifts);
  metrics.desktopSeen.set(of, standing.desktopSeen ?? 0);
  metrics.forgedLines.inc(of, standing.forgedLines);
  for (const [entity, seconds] of Object.entries(standing.overdueSeconds)) {
    metrics.overdue.set({ ...of, entity }, seconds);
  }
}

function declareTotals(registry: Registry) {
  const counter = <Label extends string>(name: string, help: string, ...labels: Label[]) =>
    new Counter({ name, help, labelNames: ["broadcaster", ...labels], registers: [registry] });
  return {
    draw: counter("mgm_draws_total", "Draws that picked a candidate."),
    spin: counter("mgm_spins_total", "Spin cycles that have ended, by outcome.", "outcome"),
    payout: counter("mgm_payouts_total", "Payouts that have ended, by status.", "status"),
    gift: counter(
      "mgm_gifts_total",
      "Gift requests that have ended, by state and reason. One that was taken back after it was Completed is in both.",
      "state",
      "reason",
    ),
    announcement: counter(
      "mgm_announcements_total",
      "Chat announcements of sent payouts that have ended: sent, held by AutoMod, failed, or of unknown outcome.",
      "result",
    ),
    waits: new ReadHistogram(registry, {
      name: "mgm_draw_to_sent_seconds",
      help: "Time from the draw of a winner until the payout was Sent.",
      labelNames: ["broadcaster"],
      bounds: WAIT_BOUNDS_SECONDS,
    }),
  };
}

function showTotals(metrics: ReturnType<typeof declareTotals>, broadcaster: string, parts: readonly Totals[] | null) {
  for (const metric of Object.values(metrics)) metric.reset();
  if (parts === null) return;
  const of = { broadcaster };
  // Each that there may be is there from the beginning: the first of its kind must be seen as an increase.
  metrics.draw.inc(of, 0);
  for (const outcome of SPIN_OUTCOMES) metrics.spin.inc({ ...of, outcome }, 0);
  for (const status of PAYOUT_ENDS) metrics.payout.inc({ ...of, status }, 0);
  metrics.gift.inc({ ...of, state: "Completed", reason: "" }, 0);
  for (const reason of GIFT_FAILURE_REASONS) metrics.gift.inc({ ...of, state: "Failed", reason }, 0);
  for (const result of ANNOUNCEMENT_ENDS) metrics.announcement.inc({ ...of, result }, 0);
  for (const { totals } of parts) for (const total of totals) add(metrics, of, total);
  metrics.waits.show(
    of,
    parts.map(({ waits }) => waits),
  );
}

function add(metrics: ReturnType<typeof declareTotals>, of: { broadcaster: string }, total: Total): void {
  const { what, end, reason, count } = total;
  switch (what) {
    case "draw":
      metrics.draw.inc(of, count);
      break;
    case "spin":
      metrics.spin.inc({ ...of, outcome: end }, count);
      break;
    case "payout":
      metrics.payout.inc({ ...of, status: end }, count);
      break;
    case "gift":
      metrics.gift.inc({ ...of, state: end, reason }, count);
      break;
    case "announcement":
      metrics.announcement.inc({ ...of, result: end }, count);
      break;
    default:
      what satisfies never;
  }
}
