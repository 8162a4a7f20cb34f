import { DefaultLogger, makeTelemetryFilterString, Runtime } from "@temporalio/worker";

/* Once per process, before the first worker: what workers say of themselves is not what a test is about. */

Runtime.install({
  logger: new DefaultLogger("ERROR"),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: "ERROR", other: "ERROR" }) } },
});
