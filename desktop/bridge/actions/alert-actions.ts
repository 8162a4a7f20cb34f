import type { ActionResult } from "../../wire/protocol.ts";
import type { Desktop } from "../desktop.ts";
import { sendAgain } from "./payout-actions.ts";
import { done, failed, NOT_CONNECTED } from "./results.ts";

/** Tries again what an alert tells of. */
export async function retryAlert(desktop: Desktop, { id }: { readonly id: string }): Promise<ActionResult> {
  const alert = desktop.alerts.get(id);
  if (alert === undefined) return failed("no_such_alert");
  if (!alert.canRetry) return failed("cannot_be_retried");
  const { bridge } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  switch (alert.code) {
    case "command_failed":
      bridge.retry(alert.details.about ?? "");
      break;
    case "fact_refused":
      return await sendAgain(desktop, { factNumber: Number(alert.details.number) });
    default:
      bridge.refresh();
  }
  desktop.alerts.dismiss(id);
  return done();
}

/** The streamer has seen it. */
export function dismissAlert(desktop: Desktop, { id }: { readonly id: string }): ActionResult {
  return desktop.alerts.dismiss(id) ? done() : failed("no_such_alert");
}
