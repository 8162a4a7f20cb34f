import { fileURLToPath } from "node:url";
import { NativeConnection, Worker } from "@temporalio/worker";

/* A worker for the bare workflow alone, in a process as ours is. Settings: TEMPORAL_ADDRESS, TEMPORAL_TASK_QUEUE. */

const { TEMPORAL_ADDRESS = "", TEMPORAL_TASK_QUEUE = "" } = process.env;
const connection = await NativeConnection.connect({ address: TEMPORAL_ADDRESS });
const worker = await Worker.create({
  connection,
  taskQueue: TEMPORAL_TASK_QUEUE,
  workflowsPath: fileURLToPath(new URL("workflow.ts", import.meta.url)),
  maxCachedWorkflows: 300,
});
process.once("SIGTERM", () => worker.shutdown());
await worker.run();
await connection.close();
