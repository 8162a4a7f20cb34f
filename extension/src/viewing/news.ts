import type { RouletteStateDto } from "@mgm/domain/wire";
import type { Need } from "../reading/pace.ts";
import type { Sight } from "./sight.ts";

/** Something to read within so many milliseconds. */
export interface Wish {
  readonly need: Need;
  readonly withinMs: number;
}

/** Long enough that a full channel does not ask in the same second. */
const SOMEBODY_JOINED_MS = 8_000;
const I_MAY_HAVE_WON_MS = 2_000;

/**
 * What a new public state makes worth reading: it says that something happened, and only the viewer's own reads say
 * whether it happened to them.
 */
export function wishesAfter(before: RouletteStateDto | null, after: RouletteStateDto, sight: Sight): readonly Wish[] {
  if (before === null || sight.onlooker?.kind !== "known") return [];
  const wishes: Wish[] = [];
  const myName = sight.membership?.characterName ?? sight.payout?.characterName ?? null;
  if (before.poolParticipantCount !== after.poolParticipantCount) {
    wishes.push({ need: "membership", withinMs: SOMEBODY_JOINED_MS });
  }
  const isNewOutcome = after.lastSpin !== null && before.lastSpin?.spinCycleId !== after.lastSpin.spinCycleId;
  if (isNewOutcome && after.lastSpin?.outcome === "won") {
    const isMine = after.lastSpin.characterName === myName;
    // Whoever changed their name after the draw is still the winner.
    if (isMine || sight.membership?.isEnrolled === true) {
      wishes.push({ need: "payout", withinMs: isMine ? I_MAY_HAVE_WON_MS : SOMEBODY_JOINED_MS });
    }
  }
  return wishes;
}
