import { lazyTemporalConnection } from "./temporal-connection.ts";

/* A process that asks a Temporal that is not there, and closes without waiting for the answer, while a retry is due. */

const [address = ""] = process.argv.slice(2);
const { connection, close } = lazyTemporalConnection({ address });
const asked = connection.withDeadline(Date.now() + 10_000, () => connection.workflowService.getSystemInfo({}));
asked.then(
  () => process.exit(2),
  () => undefined,
);
setTimeout(() => void close(), 1_000);
