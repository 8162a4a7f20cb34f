import { Gauge, type Registry } from "prom-client";
import type { Database } from "../db/database.ts";

/** Declares how a process's connections to PostgreSQL are used; `pool` answers null while there is none. */
export function declarePoolMetrics(registry: Registry, pool: () => Database | null): void {
  new Gauge({
    name: "mgm_database_connections",
    help: "Connections of this process to PostgreSQL: open ones that are busy or idle, and callers that wait for one.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      const database = pool();
      if (database === null) return;
      this.set({ state: "busy" }, database.totalCount - database.idleCount);
      this.set({ state: "idle" }, database.idleCount);
      this.set({ state: "waiting" }, database.waitingCount);
    },
  });
  new Gauge({
    name: "mgm_database_connections_max",
    help: "How many connections to PostgreSQL this process may open.",
    registers: [registry],
    collect() {
      const database = pool();
      if (database !== null) this.set(database.options.max);
    },
  });
}
