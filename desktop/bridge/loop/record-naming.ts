import type { Clock } from "../clock.ts";
import { aboutWithdrawal } from "../commands/about.ts";
import type { Injected } from "../mail/injected.ts";
import { drop, put, type Store } from "../store/store.ts";
import type { Session } from "./session.ts";

/** What a naming is recorded with. */
export interface NamingParts {
  readonly store: Store;
  readonly session: Session;
  readonly clock: Clock;
}

/**
 * Records that mail is about to be named to the addon: after a crash nobody could say whether the addon has it. A withdrawal
 * that was acknowledged before is none of this naming.
 */
export async function recordNaming(
  { store, session, clock }: NamingParts,
  kind: Injected["kind"],
  ids: readonly string[],
): Promise<void> {
  const injected: Injected = {
    kind,
    at: clock.now(),
    isRecalled: false,
    process: session.game,
    isOnRecord: false,
  };
  await store.commit(ids.flatMap((id) => [put("injected", id, injected), drop("command", aboutWithdrawal(id))]));
  for (const id of ids) session.asked.delete(aboutWithdrawal(id));
}
