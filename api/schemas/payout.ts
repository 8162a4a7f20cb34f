import { PAYOUT_STATUSES } from "@mgm/domain/payout";
import type { PayoutDetailsDto, PayoutDto } from "@mgm/domain/wire";
import { z } from "zod";
import { id, instant } from "./texts.ts";

/** A payout as viewers see it. */
export const payout = z
  .object({
    id,
    twitchUserId: z.string(),
    twitchDisplayName: z.string(),
    characterName: z.string(),
    goldAmount: z.int().meta({ description: "In gold pieces." }),
    enrollmentRequestId: z
      .string()
      .meta({ description: "Of the drawn enrolment: the client's id or the chat message's." }),
    status: z.enum(PAYOUT_STATUSES),
    createdAt: instant,
    isRewardSentAnnouncedToChat: z.boolean(),
    winnerAcceptedWillingToReceiveAt: instant.nullable(),
    expiresAt: instant,
  })
  .meta({ id: "Payout" }) satisfies z.ZodType<PayoutDto>;

/** A payout as desktop and broadcaster see it. */
export const payoutDetails = z
  .object({
    ...payout.shape,
    updatedAt: instant,
    mailConfirmedAt: instant.nullable(),
    spinCycleId: id,
    heldBy: id.nullable().meta({ description: "The desktop that set it InProgress; the nil UUID is the unnamed one." }),
    needsAttention: z.boolean(),
  })
  .meta({ id: "PayoutDetails" }) satisfies z.ZodType<PayoutDetailsDto>;
