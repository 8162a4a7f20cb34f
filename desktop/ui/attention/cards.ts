import type { AlertCard, DesktopState, GameWindow, QuestionCard } from "../../wire/state.ts";

/* The cards of the right column that need the streamer, in the order in which they should be looked at. */

/** A card, told apart by `key`. */
export type Card =
  | { readonly key: string; readonly kind: "question"; readonly question: QuestionCard }
  | { readonly key: string; readonly kind: "lease" }
  | {
      readonly key: string;
      readonly kind: "windows";
      readonly windows: readonly GameWindow[];
      readonly picked: string | null;
    }
  | {
      readonly key: string;
      readonly kind: "update";
      readonly code: "newer" | "too_old";
      readonly latest: string;
      readonly url: string | null;
    }
  | { readonly key: string; readonly kind: "alert"; readonly alert: AlertCard };

/** Questions first, newest on top; then what stops the machine; then alerts. */
export function cardsOf({ questions, status, alerts }: DesktopState): Card[] {
  const cards: Card[] = questions.map((question) => ({ key: `question:${question.id}`, kind: "question", question }));
  if (status.lease.isOtherActive) cards.push({ key: "lease", kind: "lease" });
  const alerted = alerts.some(({ code }) => code === "several_windows");
  if (alerted) cards.push({ key: "windows", kind: "windows", windows: status.game.windows, picked: null });
  const { code, latest, releaseNotesUrl } = status.update;
  if (code === "newer" || code === "too_old") {
    cards.push({ key: "update", kind: "update", code, latest: latest ?? "", url: releaseNotesUrl });
  }
  for (const alert of alerts) {
    // Their own cards say the same, and what to do.
    if (alert.code === "several_windows" || alert.code === "desktop_too_old") continue;
    cards.push({ key: `alert:${alert.id}`, kind: "alert", alert });
  }
  return cards;
}
