import type { PayoutDetailsDto } from "@mgm/domain/wire";
import type { PayoutRow } from "../../wire/state.ts";
import { aboutWhisper } from "../commands/about.ts";
import type { Store } from "../store/store.ts";

/** For how long a payout may be InProgress before the window points at it. */
const SLOW_MS = 15 * 60_000;

/** Payouts with what this desktop knows of them; `apiNow` is the API's time. */
export function payoutRows(
  payouts: readonly PayoutDetailsDto[],
  { store, desktopId, apiNow }: { readonly store: Store; readonly desktopId: string; readonly apiNow: number },
): PayoutRow[] {
  return payouts.map((payout) => ({
    ...payout,
    isWhispered: store.get("command", aboutWhisper(payout.id))?.state === "acknowledged",
    isOurs: payout.status === "InProgress" && payout.heldBy === desktopId,
    isSlow: payout.status === "InProgress" && apiNow - Date.parse(payout.updatedAt) > SLOW_MS,
    isInjected: store.get("injected", payout.id) !== undefined,
  }));
}
