import type { PostToChat } from "@mgm/activities/announce";
import { type Database, type DatabaseLimits, openDatabase } from "@mgm/activities/db/database";
import { type Activities, createActivities } from "@mgm/activities/index";
import type { Tracing } from "@mgm/activities/tracing/tracing";
import { type SubscriberSettings, subscribersFromSettings } from "@mgm/activities/twitch/from-settings";
import type { Client } from "@temporalio/client";
import { type NativeConnection, Worker } from "@temporalio/worker";
import type { Logger } from "pino";
import { buildIdOf, labelled } from "./build-id.ts";
import { WORKFLOWS_PATH } from "./bundle.ts";

/** What a worker is made of. */
export interface WorkerParts {
  readonly connection: NativeConnection;
  /** The same server, for the activities that look at workflows from outside. */
  readonly client: Client;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly databaseUrl: string;
  readonly postToChat: PostToChat;
  /** How to ask Twitch whether viewers subscribe. */
  readonly settings: SubscriberSettings;
  /** Activities at a time; most of them only wait for a gift's end. */
  readonly activitySlots?: number;
  /** File of a prebuilt workflow bundle; null bundles from source. */
  readonly bundleFile: string | null;
  readonly log: Logger;
  readonly tracing?: Tracing | null;
  /** Lays something around the activities: what measures them; tests let a worker die at a point of their choice. */
  readonly wrapActivities?: (activities: Activities) => Activities;
}

const ACTIVITY_SLOTS = 100;
const LOCAL_ACTIVITY_SLOTS = 20;
/** Enough for all local activities and as many others; those that wait for a gift's end look into a row now and then. */
const DATABASE_LIMITS: DatabaseLimits = { maxConnections: 40, connectTimeoutMs: 3_000, statementTimeoutMs: 8_000 };

/** A worker and the database connections that must be closed after it. */
export interface PreparedWorker {
  readonly worker: Worker;
  readonly database: Database;
  /** Takes on nothing new, and ends when what was begun is done; the end of `worker.run()` tells. */
  shutdown(): void;
  /** Lets go of the database; call it when `worker.run()` has ended. */
  close(): Promise<void>;
}

/** Prepares a worker for everything that is a workflow; it works once `run` is called. */
export async function createWorker(parts: WorkerParts): Promise<PreparedWorker> {
  const database = openDatabase(parts.databaseUrl, DATABASE_LIMITS, (error) =>
    parts.log.warn({ error }, "an idle database connection broke"),
  );
  parts.tracing?.traceDatabase(database);
  const stopping = new AbortController();
  const activities = createActivities({
    ...parts,
    database,
    isSubscriber: subscribersFromSettings(parts.settings, { database, log: parts.log }),
    stopping: stopping.signal,
  });
  const worker = await Worker.create({
    connection: parts.connection,
    namespace: parts.namespace,
    taskQueue: parts.taskQueue,
    ...labelled(await buildIdOf(parts.bundleFile)),
    ...(parts.bundleFile === null
      ? { workflowsPath: WORKFLOWS_PATH }
      : { workflowBundle: { codePath: parts.bundleFile } }),
    ...(parts.tracing == null ? {} : { plugins: [parts.tracing.plugin] }),
    activities: parts.wrapActivities?.(activities) ?? activities,
    maxConcurrentActivityTaskExecutions: parts.activitySlots ?? ACTIVITY_SLOTS,
    maxConcurrentLocalActivityExecutions: LOCAL_ACTIVITY_SLOTS,
    maxCachedWorkflows: 300,
    // By its heartbeats an activity hears that nobody wants it any more; by itself the SDK would keep most of them back.
    maxHeartbeatThrottleInterval: "3s",
    shutdownGraceTime: "10s",
    shutdownForceTime: "20s",
  });
  const shutdown = (): void => {
    stopping.abort();
    worker.shutdown();
  };
  return { worker, database, shutdown, close: () => database.end() };
}
