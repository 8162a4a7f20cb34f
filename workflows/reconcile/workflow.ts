import type { ReconcileActivities, ReconcileReport } from "@mgm/activities/contract";
import { proxyActivities, setCurrentDetails } from "@temporalio/workflow";
import type { ReconcileInput } from "./messages.ts";

const { reconcile: reconcileRows } = proxyActivities<ReconcileActivities>({
  startToCloseTimeout: "60s",
  retry: { initialInterval: "1s", maximumInterval: "10s" },
  summary: "bring rows and workflows together",
});

/** One run of the job that mends what came apart; the schedule starts it every minute. */
export async function reconcile(input: ReconcileInput): Promise<ReconcileReport> {
  const report = await reconcileRows(input);
  setCurrentDetails(
    Object.entries(report)
      .map(([what, count]) => `- ${what}: ${count}`)
      .join("\n"),
  );
  return report;
}
