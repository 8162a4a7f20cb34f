import type { ReconcileActivities, ReconcileReport } from "@mgm/activities/contract";
import { proxyActivities, setCurrentDetails } from "@temporalio/workflow";
import type { ReconcileInput } from "./messages.ts";

const { reconcile: reconcileRows } = proxyActivities<ReconcileActivities>({
  // Ten thousand gift requests take minutes. The next run waits for this one's end.
  startToCloseTimeout: "10m",
  heartbeatTimeout: "30s",
  retry: { initialInterval: "1s", maximumInterval: "10s" },
  summary: "bring rows and workflows together",
});

/** One run of the job that mends what came apart; the schedule starts it every minute. */
export async function reconcile(input: ReconcileInput): Promise<ReconcileReport> {
  const report = await reconcileRows(input);
  const done = Object.entries(report).filter(([, count]) => count > 0);
  setCurrentDetails(
    done.length === 0
      ? "There was nothing to mend."
      : done.map(([what, count]) => `- ${WORDS[what as keyof ReconcileReport]}: **${count}**`).join("\n"),
  );
  return report;
}

const WORDS: Readonly<Record<keyof ReconcileReport, string>> = {
  payoutsStarted: "payouts without a workflow, started",
  payoutsFailed: "payouts whose workflow was gone: Failed, before an operator's eyes",
  confirmationsRepeated: "payouts told once more that their mail is confirmed",
  cyclesDecided: "cycles without a workflow, decided",
  attentionsStarted: "open questions put before the operators again",
  payoutsTold: "payouts told what their rows say",
  giftsStarted: "gift requests without a workflow, started",
  giftsEnded: "gift requests whose workflow was gone: ended",
  giftsTold: "gift requests told what their rows say",
  giftQueuesWoken: "gift queues woken",
  giftDeliveriesStarted: "waits for a gift's mail, started again",
  rowsPruned: "old rows removed",
};
