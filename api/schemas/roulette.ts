import { SHOWN_OUTCOMES } from "@mgm/domain/spin-cycle";
import type { SpinPhase } from "@mgm/domain/spin-phase";
import type { RouletteStateDto } from "@mgm/domain/wire";
import { z } from "zod";
import { id, instant } from "./texts.ts";

const SPIN_PHASES = [
  "idle",
  "spinning",
  "verification",
  "completed",
  "collecting",
] as const satisfies readonly SpinPhase[];

/** What viewers see of the roulette at a moment. */
export const spinPhaseWord = z.enum(SPIN_PHASES);

/** How a cycle may have ended, of those ends that anybody is shown. */
export const outcomeWord = z.enum([...SHOWN_OUTCOMES, "nobody_eligible", "missed"]);

/** GET /api/roulette/state. */
export const rouletteState = z
  .object({
    nextSpinAt: instant.nullable().meta({ description: "Null while paused." }),
    serverNow: instant,
    spinIntervalSeconds: z.number(),
    poolParticipantCount: z.int().min(0),
    spinPhase: spinPhaseWord,
    phaseEndsAt: instant.nullable(),
    currentSpinCycleId: id.nullable(),
    candidate: z.string().nullable().meta({ description: "While spinning and in verification." }),
    wheel: z.array(z.string()).max(24),
    lastSpin: z
      .object({ spinCycleId: id, spunAt: instant, outcome: outcomeWord, characterName: z.string() })
      .nullable(),
    paused: z.boolean(),
    acceptPhrase: z.string().meta({ description: "What a winner whispers back." }),
    streamer: z.object({ character: z.string(), realm: z.string() }).nullable(),
  })
  .meta({ id: "RouletteState" }) satisfies z.ZodType<RouletteStateDto>;
