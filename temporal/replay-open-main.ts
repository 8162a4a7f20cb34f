import { readEnvironment, SettingsError, temporalConnection } from "@mgm/activities/settings";
import { Client, Connection } from "@temporalio/client";
import { DefaultLogger, Runtime } from "@temporalio/worker";
import { buildIdOf } from "./build-id.ts";
import { BUILT_BUNDLE } from "./bundle.ts";
import { readWorkerConfig } from "./config.ts";
import { replayOpen } from "./replay-open.ts";

/*
 * `npm run replay-open`: whether the build that is about to be rolled out can go on with what is open now. Reads the
 * histories of all open workflows and replays them under the bundle; writes nothing anywhere. Status 1 when one does
 * not fit.
 */

async function main(): Promise<number> {
  const config = readWorkerConfig(readEnvironment(process.env));
  const bundleFile = config.WORKFLOW_BUNDLE ?? BUILT_BUNDLE;
  Runtime.install({ logger: new DefaultLogger("ERROR"), shutdownSignals: [] });
  const connection = await Connection.connect(temporalConnection(config));
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  let open = 0;
  let unfit = 0;
  try {
    for await (const replayed of replayOpen(client, { taskQueue: config.TEMPORAL_TASK_QUEUE, bundleFile })) {
      open += 1;
      if (replayed.fault === null) continue;
      unfit += 1;
      tell(`${replayed.workflowId} (run ${replayed.runId}) does not fit: ${replayed.fault}`);
    }
  } finally {
    await connection.close();
  }
  tell(JSON.stringify({ build: await buildIdOf(bundleFile), open, unfit }));
  return unfit === 0 ? 0 : 1;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${error instanceof SettingsError ? error.message : String(error)}\n`);
  process.exit(2);
}
