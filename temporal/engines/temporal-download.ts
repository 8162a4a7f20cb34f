// Run as a process of its own by `downloadTemporal`: the SDK downloads while it starts a test server, and for that it
// installs its runtime, which can be done once per process only and is the worker's to configure.
import { TestWorkflowEnvironment } from "@temporalio/testing";

const [downloadDir] = process.argv.slice(2);
if (downloadDir === undefined) throw new Error("usage: temporal-download.ts <folder>");

const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: "cached-download", downloadDir } },
});
await environment.teardown();
