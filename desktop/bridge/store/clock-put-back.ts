import { type Change, put, type Store } from "./store.ts";

/** Nobody takes an answer to what was typed so long ago for a prompt one. */
const LONG_AGO_MS = 60_000;

/**
 * What a clock that was put back makes of what is stored of the future: nobody knows how long ago that was. Patience begins
 * anew, and an answer to what was typed then shows nothing about how fast the log is written.
 */
export function afterClockPutBack(store: Store, now: number): Change[] {
  return [
    ...[...store.all("sending")]
      .filter(([, { since, helloAt }]) => Math.max(since, helloAt ?? 0) > now)
      .map(([id, { since, helloAt }]) =>
        put("sending", id, { since: Math.min(since, now), helloAt: helloAt === null ? null : Math.min(helloAt, now) }),
      ),
    ...[...store.all("injected")]
      .filter(([, { at }]) => at > now)
      .map(([id, injected]) => put("injected", id, { ...injected, at: now })),
    ...[...store.all("command")]
      .filter(([, { state, at }]) => state === "typed" && at > now)
      .map(([about, record]) => put("command", about, { ...record, at: now - LONG_AGO_MS })),
  ];
}
