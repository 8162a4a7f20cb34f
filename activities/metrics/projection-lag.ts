import { activityInfo } from "@temporalio/activity";
import { Counter, Histogram, type Registry } from "prom-client";
import type { Activities } from "../index.ts";

/** The activities that write the read model. */
const PROJECTIONS = ["storeDraw", "storeMissed", "decideCycle", "projectPayout", "projectGift"] as const;

/** Measures how long what a workflow decided takes until it can be read, and counts the tries that fail. */
export class ProjectionLag {
  readonly #lag: Histogram<"activity">;
  readonly #failures: Counter<"activity">;

  constructor(registry: Registry) {
    this.#lag = new Histogram({
      name: "mgm_projection_lag_seconds",
      help: "Time from a workflow's decision until it stood in the database, by the activity that wrote it; tries included.",
      labelNames: ["activity"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers: [registry],
    });
    // Without it, one that never succeeds would leave the other silent.
    this.#failures = new Counter({
      name: "mgm_projection_failures_total",
      help: "Tries to write a workflow's decision into the database that failed, by the activity; each is tried again.",
      labelNames: ["activity"],
      registers: [registry],
    });
    for (const activity of PROJECTIONS) {
      this.#lag.zero({ activity });
      this.#failures.inc({ activity }, 0);
    }
  }

  /** The same activities, measured. */
  readonly measured = (activities: Activities): Activities => ({
    ...activities,
    ...Object.fromEntries(PROJECTIONS.map((name) => [name, this.#measured(name, activities[name])])),
  });

  #measured(activity: string, run: (input: never) => Promise<unknown>) {
    return async (input: never): Promise<unknown> => {
      const result = await run(input).catch((error: unknown) => {
        this.#failures.inc({ activity });
        throw error;
      });
      this.#lag.observe({ activity }, Math.max(0, Date.now() - activityInfo().scheduledTimestampMs) / 1000);
      return result;
    };
  }
}
