import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FigureMetrics } from "@mgm/activities/metrics/figures";
import { ApiMetrics } from "@mgm/api/metrics";
import { Registry } from "prom-client";
import { WorkerMetrics } from "../worker-metrics.ts";

/** The page that lists every metric. */
export const REFERENCE_FILE = fileURLToPath(new URL("../../docs/reference/metrics.md", import.meta.url));

interface Declared {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

/** Writes the page from what the metrics say of themselves where they are declared. */
export function metricsReference(): string {
  const figures = new Registry();
  new FigureMetrics(figures);
  const shared = declaredIn(figures);
  const api = declaredIn(new ApiMetrics(null).page.registry);
  const worker = declaredIn(new WorkerMetrics().page.registry);
  const isIn = (others: readonly Declared[]) => (one: Declared) => others.some(({ name }) => name === one.name);
  const both = api.filter(isIn(worker)).filter((one) => !isIn(shared)(one));
  const [ours, runtime] = [both.filter(isOurs), both.filter((one) => !isOurs(one))];
  return [
    "# Metrics",
    "",
    "<!-- Written by `npm run metrics-reference` from the declarations in the code. Do not edit. -->",
    "",
    "API and worker each serve `GET /metrics` on a port of their own (`METRICS_PORT`). No label names a viewer; `broadcaster` is",
    "the channel's id. What to do when one of them looks wrong stands in [when an alert fires](../how-to/alerts.md).",
    "",
    "## Figures of the database",
    "",
    "Every API and worker process tells the same ones. Compare processes with `max`, for instance",
    "`max by (status) (increase(mgm_payouts_total[1d]))`; a sum would count everything once per process.",
    "",
    ...table(shared),
    "## What an API process tells of itself",
    "",
    "Counters and histograms of several processes are added up.",
    "",
    ...table(api.filter((one) => !isIn(worker)(one))),
    "## What a worker process tells of itself",
    "",
    ...table(worker.filter((one) => !isIn(api)(one))),
    "A worker passes on what Temporal's SDK counts, all under `temporal_`, with durations in seconds and `_total` on counters; see",
    "[the SDK's metrics](https://docs.temporal.io/references/sdk-metrics). The dashboard and the alerts look at these:",
    "",
    ...sdkMetrics().map((name) => `- \`${name}\``),
    "",
    "## What both tell of their process",
    "",
    ...table(ours),
    "Of Node.js and the operating system:",
    "",
    ...table(runtime),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function declaredIn(registry: Registry): Declared[] {
  // The library's types leave out what its metrics say of themselves.
  return registry.getMetricsAsArray() as unknown as Declared[];
}

function isOurs({ name }: Declared): boolean {
  return name.startsWith("mgm_");
}

function table(metrics: readonly Declared[]): string[] {
  const labels = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");
  return [
    "| name | kind | labels | what it tells |",
    "|---|---|---|---|",
    ...metrics.map(({ name, type, labelNames, help }) => `| \`${name}\` | ${type} | ${labels(labelNames)} | ${help} |`),
    "",
  ];
}

function sdkMetrics(): string[] {
  const used = ["alerts.yml", "grafana-dashboard.json"].map((file) =>
    readFileSync(new URL(file, import.meta.url), "utf8"),
  );
  const names = used.flatMap((text) => text.match(/\btemporal_\w+/g) ?? []);
  return [...new Set(names.map((name) => name.replace(/_(bucket|count|sum)$/, "")))].sort();
}
