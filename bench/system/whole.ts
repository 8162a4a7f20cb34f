import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "@mgm/activities/db/database";
import { boundaryAt } from "@mgm/domain/spin-cycle";
import { eventSubSender } from "@mgm/simulator/twitch/eventsub";
import { badges } from "@mgm/simulator/twitch/viewers";
import { spinCycleWorkflowId } from "@mgm/workflows/ids";
import { SEARCH_ATTRIBUTES } from "@mgm/workflows/search-attributes";
import { SPIN_CYCLE_WORKFLOW, type SpinCycleInput } from "@mgm/workflows/spin/messages";
import { Client, Connection } from "@temporalio/client";
import { writeWorkflowBundle } from "../../temporal/bundle.ts";
import { findTemporal } from "../../temporal/engines/temporal-binary.ts";
import { startTemporal } from "../../temporal/engines/temporal-server.ts";
import { tell } from "../measure/report.ts";
import { type Child, endWithUs, startScript } from "./child.ts";
import { type Deployment, deploymentOn, type HttpProcess, startApiProcess, startDatabases } from "./deployment.ts";
import { ENDLESS_TIMINGS } from "./endless-timings.ts";

const LOOK_EVERY_MS = 5;
const GIVE_UP_MS = 30_000;

/** A cycle whose candidate waits to be reported. */
export interface Drawn {
  readonly spinCycleId: string;
  readonly characterName: string;
}

/** The whole product: PostgreSQL, Temporal, an API process and a worker process. */
export interface Whole {
  readonly deployment: Deployment;
  readonly database: Database;
  readonly client: Client;
  readonly temporalAddress: string;
  readonly api: HttpProcess;
  readonly worker: Child;
  /** Lets the desktop's requests carry an id, that of the one which is active. */
  actAs(desktopId: string): void;
  /** A request of the desktop; fails when the answer is no success. */
  desktop(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Lets a viewer join and be drawn; nobody else may be in the pool. */
  draw(characterName?: string): Promise<Drawn>;
  /** Has a candidate seen online; resolves to the payout's id. */
  win(drawn: Drawn): Promise<string>;
  /** True when there is such a row, else null. */
  finds(rows: string, ...values: unknown[]): Promise<true | null>;
  stop(): Promise<void>;
}

/** Starts all of it. */
export async function startWhole(): Promise<Whole> {
  const folder = await mkdtemp(join(tmpdir(), "mgm-bench-whole-"));
  const databases = await startDatabases();
  const temporal = await startTemporal({
    binary: await findTemporal({ env: environment(), onProgress: tell }),
    uiPort: null,
    dbFile: join(folder, "temporal.db"),
    searchAttributes: SEARCH_ATTRIBUTES,
    namespace: "default",
    log: () => undefined,
  });
  endWithUs(temporal);
  const bundle = join(folder, "workflows.js");
  await writeWorkflowBundle(bundle);
  const databaseUrl = await databases.create("whole");
  const deployment = deploymentOn(
    { databaseUrl, temporalAddress: temporal.address },
    { TIMINGS: JSON.stringify(ENDLESS_TIMINGS), WORKFLOW_BUNDLE: bundle, LIMIT_DESKTOP: "1000000" },
  );
  const api = await startApiProcess(deployment);
  const worker = startScript("temporal/worker-main.ts", deployment.settings);
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection });
  const limits = { maxConnections: 4, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
  const database = openDatabase(databaseUrl, limits, () => undefined);
  const chat = eventSubSender({
    callbackUrl: `${api.url}/api/twitch/eventsub`,
    secret: deployment.eventSubSecret,
    broadcasterId: deployment.channelId,
    botUserId: "bot",
  });
  let variant = 0;
  let desktopHeader: Record<string, string> = {};

  async function desktop(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${api.url}${path}`, {
      method,
      headers: { "X-MGM-ApiKey": deployment.desktopKey, "Content-Type": "application/json", ...desktopHeader },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  return {
    deployment,
    database,
    client,
    temporalAddress: temporal.address,
    api,
    worker,
    actAs(desktopId) {
      desktopHeader = { "X-MGM-Desktop": desktopId };
    },
    desktop,
    async draw(characterName = randomName()) {
      const chatter = { id: `u-${characterName}`, login: characterName, displayName: characterName };
      await chat.say({ chatter, text: `!twgold ${characterName}`, badges: [badges.subscriber(3)] });
      variant += 1_000;
      const timings = { ...ENDLESS_TIMINGS, intervalMs: ENDLESS_TIMINGS.intervalMs + variant };
      const boundary = boundaryAt(Date.now(), timings.intervalMs);
      const workflowId = spinCycleWorkflowId(deployment.channelId, boundary);
      const input: SpinCycleInput = { broadcasterId: deployment.channelId, timings, boundary };
      const taskQueue = deployment.settings.TEMPORAL_TASK_QUEUE ?? "";
      await client.workflow.start(SPIN_CYCLE_WORKFLOW, { workflowId, taskQueue, args: [input] });
      const spinCycleId = await until(async () => {
        const { rows } = await database.query<{ id: string; name: string | null }>(
          "select spin_cycle_id as id, candidate_name as name from spin_cycles where workflow_id = $1",
          [workflowId],
        );
        if (rows[0] !== undefined && rows[0].name !== characterName) throw new Error(`drawn: ${rows[0].name}`);
        return rows[0]?.id ?? null;
      });
      return { spinCycleId, characterName };
    },
    async win({ spinCycleId, characterName }) {
      const capturedAt = new Date().toISOString();
      const report = { schemaVersion: 1, spinCycleId, characterName, online: true, capturedAt };
      const answer = await desktop("POST", "/api/roulette/verify-candidate", report);
      return (answer as { payoutId: string }).payoutId;
    },
    async finds(rows, ...values) {
      const { rowCount } = await database.query(`select from ${rows}`, values);
      return rowCount === 0 ? null : true;
    },
    async stop() {
      await Promise.all([api.stop(), worker.stop()]);
      await Promise.all([database.end(), connection.close()]);
      await Promise.all([temporal.stop(), databases.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

/** Looks until there is something. */
export async function until<Seen>(look: () => Promise<Seen | null>): Promise<Seen> {
  for (const giveUpAt = Date.now() + GIVE_UP_MS; Date.now() < giveUpAt; ) {
    const seen = await look();
    if (seen !== null) return seen;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error("it did not come to pass");
}

/** A name that nobody else has. */
function randomName(): string {
  const letters = Array.from(randomBytes(9), (byte) => String.fromCharCode(97 + (byte % 26))).join("");
  return `Q${letters}`;
}

function environment() {
  // biome-ignore lint/style/noProcessEnv: where to look for programs
  return process.env;
}
