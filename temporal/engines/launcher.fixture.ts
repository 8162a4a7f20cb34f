// A launcher for the tests to kill: starts what its argument says, reports it as one line of JSON, then stays.
import { startPostgres } from "./postgres.ts";

const [engine = "", json = "{}"] = process.argv.slice(2);
const options = JSON.parse(json);

function report(facts: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(facts)}\n`);
}

const log = () => undefined;
if (engine === "postgres") {
  const postgres = await startPostgres({ ...options, log });
  report({ pid: postgres.pid, url: postgres.url("postgres") });
} else if (engine === "temporal") {
  // Loaded here only, as a copy of this folder must be able to start PostgreSQL without the SDK.
  const { startTemporal } = await import("./temporal-server.ts");
  const server = await startTemporal({ ...options, log });
  report({ pid: server.pid, url: server.address });
} else {
  const { findTemporal } = await import("./temporal-binary.ts");
  report({ found: await findTemporal({ ...options, onProgress: log }) });
}
process.stdin.resume();
