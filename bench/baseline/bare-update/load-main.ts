import { text } from "node:stream/consumers";
import { Client, Connection } from "@temporalio/client";
import { setUpdate } from "./workflow.ts";

/* Updates as fast as they are answered, one at a time per workflow, from a process of their own. */

/** What is asked for: one JSON object on standard input. */
export interface BareUpdatePlan {
  readonly address: string;
  readonly workflowIds: readonly string[];
  readonly seconds: number;
}

/** What came of it: one JSON object on standard output. */
export interface BareUpdateResult {
  readonly perSecond: number;
  /** The load's own processor time, as a share of one core. */
  readonly corePercent: number;
}

const plan = JSON.parse(await text(process.stdin)) as BareUpdatePlan;
const connection = await Connection.connect({ address: plan.address });
const client = new Client({ connection });
const usedBefore = process.cpuUsage();
const startedAt = performance.now();
let done = 0;
await Promise.all(
  plan.workflowIds.map(async (id) => {
    const handle = client.workflow.getHandle(id);
    for (let turn = 0; performance.now() - startedAt < plan.seconds * 1_000; turn++) {
      await handle.executeUpdate(setUpdate, { args: [String(turn)] });
      done += 1;
    }
  }),
);
const seconds = (performance.now() - startedAt) / 1_000;
const { user, system } = process.cpuUsage(usedBefore);
const corePercent = Math.round((user + system) / 1e4 / seconds);
process.stdout.write(JSON.stringify({ perSecond: done / seconds, corePercent } satisfies BareUpdateResult));
await connection.close();
