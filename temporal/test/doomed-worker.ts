import type { PostToChat } from "@mgm/activities/announce";
import type { Activities } from "@mgm/activities/index";
import { readEnvironment, temporalConnection } from "@mgm/activities/settings";
import { chatPoster } from "@mgm/activities/twitch/announcer";
import { twitchFromSettings } from "@mgm/activities/twitch/from-settings";
import { Client, Connection } from "@temporalio/client";
import { NativeConnection } from "@temporalio/worker";
import { pino } from "pino";
import { readWorkerConfig } from "../config.ts";
import { createWorker } from "../worker.ts";
import "./quiet-runtime.ts";

/*
 * A worker that dies by SIGKILL at a point that its parent names in DIE_AT, for example `before storeDraw 1`,
 * `after projectPayout 3` (the effect is there, nobody has been told) or `after postToChat 1`.
 */

const environment = readEnvironment(process.env);
const dieAt = environment.DIE_AT;
const passed = new Map<string, number>();

function pass(point: string): void {
  const times = (passed.get(point) ?? 0) + 1;
  passed.set(point, times);
  if (`${point} ${times}` === dieAt) process.kill(process.pid, "SIGKILL");
}

function doomed<Arguments extends unknown[], Result>(
  name: string,
  work: (...args: Arguments) => Promise<Result>,
): (...args: Arguments) => Promise<Result> {
  return async (...args) => {
    pass(`before ${name}`);
    const result = await work(...args);
    pass(`after ${name}`);
    return result;
  };
}

function wrapActivities(activities: Activities): Activities {
  const wrapped = Object.entries(activities).map(([name, work]) => [
    name,
    doomed(name, work as () => Promise<unknown>),
  ]);
  return Object.fromEntries(wrapped) as Activities;
}

const config = readWorkerConfig(environment);
const connection = await NativeConnection.connect(temporalConnection(config));
const postToChat: PostToChat = doomed("postToChat", chatPoster(twitchFromSettings(config)));
const { worker } = await createWorker({
  connection,
  client: new Client({ connection: Connection.lazy(temporalConnection(config)) }),
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: config.TEMPORAL_TASK_QUEUE,
  databaseUrl: config.DATABASE_URL,
  postToChat,
  settings: config,
  bundleFile: config.WORKFLOW_BUNDLE ?? null,
  log: pino({ level: "silent" }),
  wrapActivities,
});
await worker.run();
