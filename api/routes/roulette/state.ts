import type { Queryable } from "@mgm/activities/db/database";
import { findOfferedCycle, type Roulette, readRoulette } from "@mgm/activities/db/spin/read-roulette";
import { formatInstant } from "@mgm/domain/instant";
import { boundaryAt } from "@mgm/domain/spin-cycle";
import { type PhaseView, spinPhase } from "@mgm/domain/spin-phase";
import type { Timings } from "@mgm/domain/timings";
import type { CandidateDto, RouletteStateDto } from "@mgm/domain/wire";
import { z } from "zod";
import { coalesce } from "../../coalesce.ts";
import { desktopBroadcasterOf, viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { answerTagged, etagOf } from "../../etag.ts";
import { optionalInstant } from "../../present.ts";
import { route } from "../../routing/route.ts";
import { rouletteState, spinPhaseWord } from "../../schemas/roulette.ts";
import { id, instant } from "../../schemas/texts.ts";

export const getState = route(
  {
    name: "getState",
    method: "GET",
    path: "/api/roulette/state",
    who: "viewer",
    summary: "What every viewer sees of the roulette. Its ETag leaves serverNow out.",
    answers: { 200: rouletteState, 304: null },
  },
  ({ database, timings }: Pick<ApiDependencies, "database" | "timings">) => {
    // All viewers see the same, so those who ask together share one look.
    const look = coalesce(async (broadcasterId: string) => {
      const state = await readState(database, timings, broadcasterId);
      return { state, etag: etagOf({ ...state, serverNow: null }) };
    });
    return async (ctx) => {
      const { state, etag } = await look(viewerOf(ctx).broadcasterId);
      answerTagged(ctx, etag, state);
    };
  },
);

/** The public state as it is now. */
export async function readState(db: Queryable, timings: Timings, broadcasterId: string): Promise<RouletteStateDto> {
  const now = Date.now();
  const boundary = boundaryAt(now, timings.intervalMs);
  const roulette = await readRoulette(db, { broadcasterId, boundary, now });
  return presentState(roulette, { boundary, now, timings });
}

export const getCandidate = route(
  {
    name: "getCandidate",
    method: "GET",
    path: "/api/roulette/candidate",
    who: "desktop",
    summary: "Whom the desktop should look for; 204 when there is nobody.",
    answers: {
      200: z.object({ spinCycleId: id, characterName: z.string(), spinPhase: spinPhaseWord, verifyUntil: instant }),
      204: null,
    },
  },
  ({ database, timings }: Pick<ApiDependencies, "database" | "timings">) =>
    async (ctx) => {
      const now = Date.now();
      const boundary = boundaryAt(now, timings.intervalMs);
      const cycle = await findOfferedCycle(database, desktopBroadcasterOf(ctx), boundary);
      if (cycle === null || cycle.candidateName === null) {
        ctx.status = 204;
        return;
      }
      const { phase } = spinPhase({ ...cycle, hasCandidate: true, skipped: false, paused: false, now });
      const body: CandidateDto = {
        spinCycleId: cycle.spinCycleId,
        characterName: cycle.candidateName,
        spinPhase: phase,
        verifyUntil: formatInstant(cycle.verifyUntil),
      };
      ctx.body = body;
    },
);

type Moment = { readonly boundary: number; readonly now: number; readonly timings: Timings };

/** The public state, as it is shown at `now`. */
export function presentState(roulette: Roulette, moment: Moment): RouletteStateDto {
  const { cycle } = roulette;
  const view = phaseOf(roulette, moment);
  const hasCurrentCycle = cycle !== null && cycle.drawnAt !== null && view.phase !== "idle";
  const showsCandidate = view.phase === "spinning" || view.phase === "verification";
  const { lastSpin } = roulette;
  return {
    nextSpinAt: roulette.paused ? null : formatInstant(moment.boundary + moment.timings.intervalMs),
    serverNow: formatInstant(moment.now),
    spinIntervalSeconds: moment.timings.intervalMs / 1000,
    poolParticipantCount: roulette.poolCount,
    spinPhase: view.phase,
    phaseEndsAt: optionalInstant(view.endsAt),
    currentSpinCycleId: hasCurrentCycle ? cycle.spinCycleId : null,
    candidate: showsCandidate ? (cycle?.candidateName ?? null) : null,
    wheel: [...roulette.lastWheel],
    lastSpin:
      lastSpin === null
        ? null
        : {
            spinCycleId: lastSpin.spinCycleId,
            spunAt: formatInstant(lastSpin.boundary),
            outcome: lastSpin.outcome,
            characterName: lastSpin.characterName,
          },
    paused: roulette.paused,
    acceptPhrase: roulette.bangSwallowed ? "twgold" : "!twgold",
    streamer: roulette.streamer,
  };
}

function phaseOf(roulette: Roulette, { boundary, now, timings }: Moment): PhaseView {
  const { cycle } = roulette;
  return spinPhase({
    boundary,
    drawnAt: cycle?.drawnAt ?? null,
    hasCandidate: cycle?.candidateName != null,
    outcome: cycle?.outcome ?? null,
    outcomeAt: cycle?.outcomeAt ?? null,
    skipped: cycle === null && roulette.skippedBoundary === boundary,
    paused: roulette.paused,
    timings: cycle?.timings ?? timings,
    now,
  });
}
