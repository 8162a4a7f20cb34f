import type { Metric, Registry } from "prom-client";

/** A distribution that was read rather than observed: how many within each bound, then of all. */
export interface ReadDistribution {
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

interface Sample {
  readonly metricName: string;
  readonly labels: Record<string, string | number>;
  readonly value: number;
}

/** A histogram whose counts come from elsewhere; prom-client's own can only observe one value at a time. */
export class ReadHistogram {
  readonly name: string;
  readonly help: string;
  readonly type = "histogram";
  readonly labelNames: readonly string[];
  readonly #bounds: readonly number[];
  #samples: Sample[] = [];

  constructor(
    registry: Registry,
    declared: { name: string; help: string; labelNames: readonly string[]; bounds: readonly number[] },
  ) {
    this.name = declared.name;
    this.help = declared.help;
    this.labelNames = declared.labelNames;
    this.#bounds = declared.bounds;
    // The registry asks of a metric no more than what is here; its type names the library's own classes.
    registry.registerMetric(this as unknown as Metric);
  }

  /** Forgets everything that was shown. */
  reset(): void {
    this.#samples = [];
  }

  /** Shows distributions added up. */
  show(labels: Record<string, string>, parts: readonly ReadDistribution[]): void {
    const total = (index: number) => parts.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0);
    const all = total(this.#bounds.length);
    const sample = (suffix: string, value: number, more: Record<string, string | number> = {}): Sample => ({
      metricName: `${this.name}_${suffix}`,
      labels: { ...labels, ...more },
      value,
    });
    this.#samples.push(
      ...this.#bounds.map((le, index) => sample("bucket", total(index), { le })),
      sample("bucket", all, { le: "+Inf" }),
      sample(
        "sum",
        parts.reduce((sum, { sumSeconds }) => sum + sumSeconds, 0),
      ),
      sample("count", all),
    );
  }

  /** What the registry writes. */
  async get(): Promise<{ name: string; help: string; type: string; values: Sample[]; aggregator: string }> {
    return { name: this.name, help: this.help, type: this.type, values: this.#samples, aggregator: "first" };
  }
}
