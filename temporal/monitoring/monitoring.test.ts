import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { reconcileScheduleId, spinScheduleId } from "@mgm/workflows/ids";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts } from "../engines/free-port.ts";
import { engines } from "../test/engines.ts";
import { startProcess, type TestProcess } from "../test/process.ts";
import { startPrometheus, type TestPrometheus } from "../test/prometheus.ts";
import { eventually, report, startWorld, type World } from "../test/world.ts";

/*
 * A real Prometheus scrapes an API and a worker that spin every few seconds. The dashboard's questions must find answers,
 * and every alert must fire for the fault that it is about. Only its patience is taken from it: how long it waits, and
 * how large what it measures in time must be.
 */

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const RULES = readFileSync(`${FOLDER}alerts.yml`, "utf8");
const RUNBOOK = readFileSync(new URL("../../docs/how-to/alerts.md", import.meta.url), "utf8");
const ALERTS = [...RULES.matchAll(/- alert: (\w+)/g)].map(([, name]) => name ?? "");

/** Alerts that a slow machine may raise by itself. */
const ABOUT_PACE = ["MgmSpinsMissed", "MgmNoSpin", "MgmProjectionSlow", "MgmOverdue", "MgmProcessGone"];

const IMPATIENT: [patient: string, impatient: string][] = [
  ["mgm_overdue_seconds) > 60", "mgm_overdue_seconds) > 1"],
  ["in_progress_seconds) > 1800", "in_progress_seconds) > 1"],
  ["_bucket[10m]))) > 5", "_bucket[10m]))) > 0.5"],
  ["failures_total[10m])) > 5", "failures_total[10m])) > 0"],
];

function impatientRules(): string {
  let rules = RULES;
  for (const [patient, impatient] of IMPATIENT) {
    if (!rules.includes(patient)) throw new Error(`no rule says ${patient}`);
    rules = rules.replace(patient, impatient);
  }
  return rules.replaceAll(/^ +for: .*\n/gm, "").replaceAll(/\[\d+[mh]\]/g, "[10s]");
}

describe("the alerts", () => {
  it("fire when they should and not before, as promtool plays it", async () => {
    const { stdout } = await promisify(execFile)("promtool", ["test", "rules", "alerts.rules-test.yml"], {
      cwd: FOLDER,
    });
    expect(stdout).toContain("SUCCESS");
    await promisify(execFile)("promtool", ["check", "config", "prometheus.yml"], { cwd: FOLDER });
  });

  it("each have a section in the runbook, and no section is about none", () => {
    const sections = [...RUNBOOK.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(sections.sort()).toEqual([...ALERTS].sort());
    for (const name of ALERTS) expect(RULES).toContain(`runbook_url: docs/how-to/alerts.md#${name.toLowerCase()}\n`);
  });
});

let world: World;
let worker: TestProcess;
let prometheus: TestPrometheus;
let targets: Record<string, Record<string, string>>;

beforeAll(async () => {
  const timings = { intervalMs: 4_000, wheelMs: 500, graceMs: 3_000, slackMs: 500, resultMs: 500 };
  world = await startWorld({
    worker: false,
    // An agreed payout expires within two hours from its beginning.
    timings: { ...timings, payoutTtlMs: 3_600_000, expiryGridMs: 1_000 },
  });
  const [metricsPort] = await freePorts(1);
  worker = startProcess("temporal/worker-main.ts", {
    ...world.environment,
    METRICS_PORT: String(metricsPort),
    WORKFLOW_BUNDLE: engines().bundleFile,
  });
  await eventually(async () => {
    const { rowCount } = await world.database.query("select from spin_cycles where drawn_at is not null");
    return rowCount !== 0;
  });
  targets = {
    [new URL(world.metricsUrl).host]: { job: "mgm-api" },
    [`127.0.0.1:${metricsPort}`]: { job: "mgm-worker" },
  };
  prometheus = await startPrometheus(impatientRules());
  await prometheus.scrape(targets);
});
afterAll(async () => {
  await worker.kill();
  for (const scheduleId of [spinScheduleId(world.broadcasterId), reconcileScheduleId(world.broadcasterId)]) {
    await world.client.schedule.getHandle(scheduleId).delete();
  }
  await prometheus.stop();
  await world.stop();
});

const firing = async (): Promise<string[]> =>
  (await prometheus.query('count by (alertname) (ALERTS{alertstate="firing"})')).map(
    ({ metric }) => metric.alertname ?? "",
  );

const fires = (...names: string[]) =>
  Promise.all(names.map((name) => eventually(async () => (await firing()).includes(name)))).catch(() => {
    throw new Error(`not all of ${names} fire`);
  });

/** Waits until these were drawn and seen online; their payouts' ids. */
async function win(...names: string[]): Promise<string[]> {
  await Promise.all(names.map((name) => world.say({ id: `u-${name}`, displayName: name }, `!twgold ${name}`)));
  const waiting = new Set(names);
  const won = new Map<string, string>();
  await eventually(async () => {
    const { status, body } = await world.desktop("GET", "/api/roulette/candidate");
    if (status !== 200 || !waiting.has(body.characterName)) return false;
    const answer = await world.desktop(
      "POST",
      "/api/roulette/verify-candidate",
      report(body.spinCycleId, body.characterName, true),
    );
    if (answer.status !== 200) return false;
    waiting.delete(body.characterName);
    won.set(body.characterName, answer.body.payoutId);
    return waiting.size === 0;
  });
  return names.map((name) => won.get(name) ?? "");
}

async function change(payoutId: string | undefined, action: string, body?: unknown): Promise<void> {
  const method = action === "status" ? "PATCH" : "POST";
  await eventually(
    async () => (await world.desktop(method, `/api/payouts/${payoutId}/${action}`, body)).status === 200,
  );
}

const lintPage = async (address: string): Promise<void> => {
  const page = await (await fetch(`http://${address}/metrics`)).text();
  // Names of others are not ours to mend; `max` and the like in a name are only frowned upon.
  const ours = page.split("\n").filter((line) => /^(# \w+ )?mgm_/.test(line));
  const child = promisify(execFile)("promtool", ["check", "metrics"]);
  child.child.stdin?.end(`${ours.join("\n")}\n`);
  await child;
};

describe("a system in good health", () => {
  it("raises no alert, and its pages are well-formed", async () => {
    const scrapes = 'min(count_over_time(up{job=~"mgm-.+"}[1m])) >= 4 and count(up == 1) == 2';
    await eventually(async () => (await prometheus.query(scrapes)).length > 0);
    // A look that took too long on a busy machine is over with the next one.
    await eventually(async () => (await firing()).every((name) => ABOUT_PACE.includes(name)));
    for (const address of Object.keys(targets)) await lintPage(address);
  });
});

describe("a fault", () => {
  let expiring: string | undefined;

  it("of payouts raises its alert", async () => {
    const [first, second] = await win("Aelin", "Borin");
    expiring = first;
    await fires("MgmNoDesktop");
    await change(first, "confirm-acceptance", { characterName: "Aelin" });
    await change(first, "status", { status: "InProgress" });
    await fires("MgmPayoutExpiring", "MgmPayoutStuckInProgress");
    // Whether Twitch posted it is not known.
    world.twitch.faults.add("chat", { kind: "reset" });
    await change(second, "status", { status: "InProgress" });
    await change(second, "confirm-mail-sent");
    await fires("MgmAnnouncementsFailing");
  });

  it("of the world around raises its alert", { timeout: 120_000 }, async () => {
    await change(expiring, "status", { status: "Failed" });
    await change(expiring, "confirm-mail-sent");
    await world.desktop("POST", "/api/desktop/heartbeat", { desktopVersion: "0.1.0", forgedLines: 1_000 });
    await fires("MgmAttentionNeeded", "MgmForgedLines");
    // Beside the API that works, one that is set up badly.
    const [nobody] = await freePorts(1);
    const ill = await world.startApi({
      TEMPORAL_ADDRESS: `127.0.0.1:${nobody}`,
      PUBLIC_URL: `http://127.0.0.1:${nobody}`,
      TWITCH_CLIENT_ID: "nobody",
      TWITCH_CLIENT_SECRET: "wrong",
    });
    // It waits in vain for Temporal before it answers.
    const patience = { __scrape_interval__: "4s", __scrape_timeout__: "4s" };
    await prometheus.scrape({ ...targets, [`127.0.0.1:${ill.metricsPort}`]: { job: "mgm-api", ...patience } });
    await fires("MgmTemporalGone", "MgmWorkerGone", "MgmEventSubDown", "MgmGrantsMissing");
    await prometheus.scrape(targets);
  });

  it("of workflows and of the read model raises its alert", async () => {
    const { client, taskQueue, timings, broadcasterId } = world;
    const boundary = Math.floor(Date.now() / timings.intervalMs - 100) * timings.intervalMs;
    const workflowId = `late-${broadcasterId}`;
    await client.workflow.start("spinCycle", { workflowId, taskQueue, args: [{ broadcasterId, timings, boundary }] });
    const unknown = await client.workflow.start("noSuchWorkflow", {
      workflowId: `unknown-${broadcasterId}`,
      taskQueue,
    });
    const slow = new pg.Client({ connectionString: world.databaseUrl });
    await slow.connect();
    // Every draw has to wait for it.
    await slow.query("begin; lock table spin_cycles in exclusive mode; select pg_sleep(3); commit");
    await slow.end();
    await fires("MgmSpinsMissed", "MgmWorkflowTasksFailing", "MgmProjectionSlow");
    await unknown.terminate();
    // No draw can be stored at all.
    await world.database.query("alter table draw_lists rename to mislaid");
    await fires("MgmProjectionFailing");
    await world.database.query("alter table mislaid rename to draw_lists");
  });

  it("leaves no question of the dashboard without an answer", async () => {
    // A refusal is among the questions, and so is a wish for a gift.
    await world.desktop("GET", "/api/payouts/pending", undefined, { key: "wrong" });
    await world.say({ id: "u-gift", displayName: "Gift" }, "!twgift Corin");
    const { panels } = JSON.parse(readFileSync(`${FOLDER}grafana-dashboard.json`, "utf8")) as {
      panels: { title: string; targets?: { expr: string }[] }[];
    };
    // Agreed on, so that something expires.
    const [open] = await win("Dorin");
    await change(open, "confirm-acceptance", { characterName: "Dorin" });
    const questions = panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => [title, asked(expr)] as const),
    );
    expect(questions.length).toBeGreaterThan(35);
    for (const [title, expression] of questions) {
      const values = await eventually(async () => {
        const samples = await prometheus.query(expression);
        return samples.some(({ value }) => !Number.isNaN(value)) && samples;
      }).catch(() => null);
      expect([title, expression, values !== null]).toEqual([title, expression, true]);
    }
  });

  it("that stops everything raises the rest", { timeout: 120_000 }, async () => {
    // A cycle that nobody will end: drawn, and its worker killed.
    await world.say({ id: "u-Erin", displayName: "Erin" }, "!twgold Erin");
    await eventually(async () => {
      const { rowCount } = await world.database.query(
        "select from spin_cycles where candidate_name = 'Erin' and outcome is null",
      );
      return rowCount === 1;
    });
    await worker.kill();
    await world.client.schedule.getHandle(spinScheduleId(world.broadcasterId)).pause("on purpose");
    await fires("MgmScheduleStopped");
    await fires("MgmProcessGone", "MgmNoSpin", "MgmOverdue");
    const admin = new pg.Client({ connectionString: engines().postgresUrl });
    await admin.connect();
    const name = new URL(world.databaseUrl).pathname.slice(1);
    await admin.query(`alter database ${name} with allow_connections false`);
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
    await admin.end();
    await eventually(async () => {
      // A rate needs more than one.
      const { status } = await world.desktop("GET", "/api/payouts/pending");
      return status >= 500 && (await firing()).includes("MgmServerErrors");
    });
    await fires("MgmNotReady", "MgmFiguresUnreadable");
  });

  it("was found for every alert there is", async () => {
    const fired = await prometheus.query('count by (alertname) (max_over_time(ALERTS{alertstate="firing"}[30m]))');
    expect(fired.map(({ metric }) => metric.alertname).sort()).toEqual([...ALERTS].sort());
  });
});

/** A panel's question with Grafana's variables filled in, over windows that this test has lived through. */
function asked(expression: string): string {
  return expression
    .replaceAll("$broadcaster", ".+")
    .replaceAll("$__rate_interval", "30s")
    .replaceAll(/\[1[hd]\]/g, "[5m]");
}
