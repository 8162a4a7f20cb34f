import { type Change, drop, type Store } from "../store/store.ts";
import type { OpenMails } from "./settled-elsewhere.ts";

/** Mails that did not leave and that nobody waits for any more: their payouts and gift requests have ended. */
export function overFailures(store: Store, { payouts, gifts }: OpenMails): Change[] {
  if (gifts === null) return [];
  const open = new Set([...payouts, ...gifts].map(({ id }) => id));
  return [...store.all("failure").keys()].filter((id) => !open.has(id)).map((id) => drop("failure", id));
}
