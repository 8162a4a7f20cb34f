import { ago } from "../texts/ages.ts";
import type { BroadcasterTexts } from "../texts/broadcaster-texts.ts";
import { fill, type Language } from "../texts/texts.ts";
import type { Sight } from "../viewing/sight.ts";
import { isOlder } from "./version.ts";

/** One thing that must be in place, checked by itself. */
export interface Check {
  readonly id: string;
  readonly name: string;
  readonly state: "ok" | "bad" | "wait";
  /** The state in a word: colour never speaks alone. */
  readonly word: string;
  /** What to do about it; empty when there is nothing to do. */
  readonly advice: string;
}

/** A desktop beats every 20 s at least; silence of a minute means that it is gone. */
const DESKTOP_SILENT_MS = 60_000;

/** Everything that a channel needs before its draws can pay anybody. */
export function checklist(sight: Sight, words: BroadcasterTexts, language: Language, now: number): readonly Check[] {
  const { dashboard, version, problem } = sight;
  const check = (id: string, says: readonly string[], isOk: boolean | null, values = {}): Check => {
    const [name = "", advice = ""] = says;
    const state = isOk === null ? "wait" : isOk ? "ok" : "bad";
    return { id, name, state, word: words.state[state], advice: state === "bad" ? fill(advice, values) : "" };
  };
  const server = check("server", words.check.server, problem !== null ? false : dashboard === null ? null : true);
  // Without an answer nothing is known of the rest.
  if (dashboard === null) {
    const { eventSub, grants, desktop, game, addon } = words.check;
    const open = Object.entries({ eventSub, grants, desktop, game, addon });
    return [server, ...open.map(([id, says]) => check(id, says, null))];
  }
  const { eventSub, missingGrants, desktop } = dashboard;
  const seenAt = desktop?.seenAt == null ? null : Date.parse(desktop.seenAt);
  const isSeen = seenAt !== null && now - seenAt <= DESKTOP_SILENT_MS;
  const installed = desktop?.versions.addon ?? null;
  const needed = version?.minimumAddonVersion ?? null;
  const isFresh = installed === null ? false : needed === null ? null : !isOlder(installed, needed);
  return [
    server,
    check("eventSub", words.check.eventSub, ["enabled", "simulated"].includes(eventSub.status), {
      status: eventSub.status,
    }),
    check("grants", words.check.grants, missingGrants.length === 0, { grants: missingGrants.join(", ") }),
    seenAt === null
      ? check("desktop", words.check.desktopNever, false)
      : check("desktop", words.check.desktop, isSeen, { seen: ago(language, now - seenAt) }),
    check("game", words.check.game, isSeen && desktop?.gameFound === true),
    check("addon", words.check.addon, isFresh, { installed: installed ?? words.none, needed: needed ?? "" }),
  ];
}
