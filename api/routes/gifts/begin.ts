import type { Gift } from "@mgm/activities/db/gift/gift-row";
import { giftSnapshot } from "@mgm/activities/snapshots";
import type { ApiDependencies } from "../../dependencies.ts";

/** After that the reconcile job has come by. */
const GIVE_UP_AFTER_MS = 120_000;

/**
 * Starts the workflow of a request whose row is committed. Nobody waits for it: the row is the effect, and what is not
 * started now is started by the reconcile job.
 */
export function beginGift({ workflows, log }: Pick<ApiDependencies, "workflows" | "log">, gift: Gift): void {
  workflows.beginGift(giftSnapshot(gift), Date.now() + GIVE_UP_AFTER_MS).catch((error: unknown) => {
    log.warn({ giftRequestId: gift.giftRequestId, error }, "a gift's workflow was not started yet");
  });
}
