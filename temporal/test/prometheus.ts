import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../engines/free-port.ts";
import { eventually } from "./world.ts";

/** One series of an answer: its labels and its value now. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Labels by address, a `job` among them. A page that takes its time has a `__scrape_interval__` of its own. */
export type Targets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A Prometheus server that scrapes and judges about once a second. */
export interface TestPrometheus {
  query(expression: string): Promise<Sample[]>;
  /** Scrapes these addresses from now on, with these labels. */
  scrape(targets: Targets): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the machine's `prometheus` with rules, in a folder of its own. */
export async function startPrometheus(rules: string): Promise<TestPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), "mgm-prometheus-"));
  const [port] = await freePorts(1);
  const targetsFile = join(folder, "targets.json");
  const config = {
    global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "500ms" },
    rule_files: ["rules.yml"],
    scrape_configs: [
      {
        job_name: "any",
        file_sd_configs: [{ files: [targetsFile], refresh_interval: "1s" }],
      },
    ],
  };
  const scrape = async (targets: Targets): Promise<void> => {
    const groups = Object.entries(targets).map(([address, labels]) => ({ targets: [address], labels }));
    // Whole at once: the server looks at the file when it changes.
    await writeFile(`${targetsFile}.new`, JSON.stringify(groups));
    await rename(`${targetsFile}.new`, targetsFile);
  };
  await scrape({});
  await writeFile(join(folder, "rules.yml"), rules);
  // JSON is YAML too.
  await writeFile(join(folder, "prometheus.yml"), JSON.stringify(config));
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const ended = once(child, "exit");
  const base = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${base}/-/ready`).catch(() => null))?.ok);
  return {
    scrape,
    async query(expression) {
      const response = await fetch(`${base}/api/v1/query`, {
        method: "POST",
        body: new URLSearchParams({ query: expression }),
      });
      const { data, error } = (await response.json()) as {
        data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
        error?: string;
      };
      if (data === undefined) throw new Error(`${expression}: ${error}`);
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
