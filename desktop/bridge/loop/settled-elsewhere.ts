import type { PayoutDetailsDto } from "@mgm/domain/wire";
import type { ApiClient } from "../http/api-client.ts";
import { type Change, drop, put, type Store } from "../store/store.ts";

/** What is looked through. */
export interface SettledElsewhereParts {
  readonly store: Store;
  readonly api: ApiClient;
  /** Ids that were looked for already; those that the API was asked about are added. */
  readonly looked: Set<string>;
}

/**
 * Mails of which we know nothing, and the API knows that they are Sent: another desktop, an operator or the broadcaster
 * settled them, or the log that tells of them is older than our store. They are no questions any more; what we may have
 * injected of them is withdrawn. `active` are the payouts that the API calls active now; of the others it is asked once.
 */
export async function settledElsewhere(
  { store, api, looked }: SettledElsewhereParts,
  active: readonly PayoutDetailsDto[],
): Promise<Change[]> {
  const isActive = new Set(active.map(({ id }) => id));
  const ids = [...new Set([...store.all("question").keys(), ...store.all("sending").keys()])];
  const wanted = new Set(ids.filter((id) => !isActive.has(id) && !looked.has(id)));
  const sent: string[] = [];
  for (let before: string | null = null; wanted.size > 0; ) {
    const page: Awaited<ReturnType<ApiClient["payouts"]>> = await api.payouts(before);
    if (page.kind !== "ok") return [];
    for (const { id, status } of page.body.items) {
      if (!wanted.delete(id)) continue;
      looked.add(id);
      if (status === "Sent") sent.push(id);
    }
    before = page.body.before;
    if (before !== null) continue;
    // The API has no such payout: a gift, or another channel's.
    for (const id of wanted) looked.add(id);
    break;
  }
  return sent.flatMap((id) => changesFor(store, id));
}

function changesFor(store: Store, id: string): Change[] {
  const injected = store.get("injected", id);
  const recalled = injected === undefined ? [] : [put("injected", id, { ...injected, isRecalled: true })];
  return [drop("question", id), drop("sending", id), ...recalled];
}
