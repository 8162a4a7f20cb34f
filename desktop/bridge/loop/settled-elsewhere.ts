import type { GiftRequestDetailsDto, PayoutDetailsDto } from "@mgm/domain/wire";
import type { ApiClient } from "../http/api-client.ts";
import { type Change, drop, put, type Store } from "../store/store.ts";

/** What is looked through. */
export interface SettledElsewhereParts {
  readonly store: Store;
  readonly api: ApiClient;
  /** When the API was asked about an id, by the clock that nobody puts; those that it is asked about now are added. */
  readonly looked: Map<string, number>;
  readonly elapsedMs: number;
}

/** What the API calls open now. */
export interface OpenMails {
  /** Active payouts. */
  readonly payouts: readonly PayoutDetailsDto[];
  /** Open gift requests and gifts whose mail is owed; null when that is not known now. */
  readonly gifts: readonly GiftRequestDetailsDto[] | null;
}

/** Who has ended without that mail may still be said to have been sent it. */
const LOOK_AGAIN_MS = 300_000;

/**
 * Mails of which we know nothing, and the API knows that they were sent: another desktop, an operator or the broadcaster
 * settled them, or the log that tells of them is older than our store. They are no questions any more; what we may have
 * injected of them is withdrawn. Of what is not open the API is asked, and asked again after a while.
 */
export async function settledElsewhere(parts: SettledElsewhereParts, open: OpenMails): Promise<Change[]> {
  const { store, looked, elapsedMs } = parts;
  const isOpen = new Set([...open.payouts, ...(open.gifts ?? [])].map(({ id }) => id));
  const ids = [...new Set([...store.all("question").keys(), ...store.all("sending").keys()])];
  const isDue = (id: string) => elapsedMs - (looked.get(id) ?? Number.NEGATIVE_INFINITY) >= LOOK_AGAIN_MS;
  const wanted = ids.filter((id) => !isOpen.has(id) && isDue(id));
  const isGift = (id: string) => store.get("gift", id) !== undefined || store.get("injected", id)?.kind === "gift";
  const gold = await sentGold(
    parts,
    wanted.filter((id) => !isGift(id)),
  );
  // What is no payout may be the gift of a desktop whose store is not ours.
  const gifts = open.gifts === null ? [] : [...wanted.filter(isGift), ...gold.unknown];
  const sent = [...gold.sent, ...(await sentGifts(parts, gifts))];
  return sent.flatMap((id) => changesFor(store, id));
}

async function sentGold(
  { api, looked, elapsedMs }: SettledElsewhereParts,
  ids: readonly string[],
): Promise<{ readonly sent: readonly string[]; readonly unknown: readonly string[] }> {
  const wanted = new Set(ids);
  const sent: string[] = [];
  for (let before: string | null = null; wanted.size > 0; ) {
    const page: Awaited<ReturnType<ApiClient["payouts"]>> = await api.payouts(before);
    if (page.kind !== "ok") return { sent: [], unknown: [] };
    for (const { id, status, mailConfirmedAt } of page.body.items) {
      if (!wanted.delete(id)) continue;
      looked.set(id, elapsedMs);
      if (status === "Sent" || mailConfirmedAt !== null) sent.push(id);
    }
    before = page.body.before;
    if (before === null) break;
  }
  return { sent, unknown: [...wanted] };
}

/**
 * Of a gift that has ended nobody can be asked but by repeating what is known of it: that its viewer agreed, without which
 * there is no mail. The API takes that for what it has, and answers with the request.
 */
async function sentGifts(
  { api, looked, elapsedMs }: SettledElsewhereParts,
  ids: readonly string[],
): Promise<readonly string[]> {
  const sent: string[] = [];
  for (const id of ids) {
    const answer = await api.confirmGift(id, true);
    if (answer.kind === "unreachable") continue;
    looked.set(id, elapsedMs);
    if (answer.kind === "ok" && answer.body.deliveredAt != null) sent.push(id);
  }
  return sent;
}

function changesFor(store: Store, id: string): Change[] {
  const injected = store.get("injected", id);
  const recalled = injected === undefined ? [] : [put("injected", id, { ...injected, isRecalled: true })];
  return [drop("question", id), drop("sending", id), ...recalled];
}
