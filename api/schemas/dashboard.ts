import type { DashboardDto } from "@mgm/domain/wire";
import { z } from "zod";
import { giftRequestDetails } from "./gift.ts";
import { payoutDetails } from "./payout.ts";
import { outcomeWord } from "./roulette.ts";
import { id, instant } from "./texts.ts";

const spin = z.object({
  spinCycleId: id,
  spunAt: instant,
  outcome: outcomeWord.nullable().meta({ description: "Null while it is open." }),
  characterName: z.string().nullable(),
  payoutId: id.nullable(),
});

const desktop = z.object({
  seenAt: instant,
  versions: z.object({ desktop: z.string(), addon: z.string().nullable() }),
  character: z.string().nullable(),
  realm: z.string().nullable(),
  gameFound: z.boolean().nullable(),
  transport: z.string().nullable(),
});

/** GET /api/broadcaster/dashboard. */
export const dashboard = z
  .object({
    spins: z.array(spin).max(20),
    payouts: z.array(payoutDetails),
    giftQueue: z.array(giftRequestDetails),
    eventSub: z.object({
      status: z.enum(["enabled", "pending", "revoked", "failed", "simulated", "unconfigured"]),
      since: instant,
    }),
    missingGrants: z.array(z.string()).meta({ description: "As `<account>:<scope>`." }),
    desktop: desktop.nullable(),
    paused: z.boolean(),
  })
  .meta({ id: "Dashboard" }) satisfies z.ZodType<DashboardDto>;
