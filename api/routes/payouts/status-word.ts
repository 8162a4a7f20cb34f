import { PAYOUT_STATUSES, type PayoutStatus } from "@mgm/domain/payout";
import { z } from "zod";

/** Reads a payout's status, written in any case. */
export function parseStatusWord(text: string, context: z.RefinementCtx): PayoutStatus {
  const status = PAYOUT_STATUSES.find((known) => known.toLowerCase() === text.toLowerCase());
  if (status !== undefined) return status;
  context.addIssue({ code: "custom", message: "unknown status" });
  return z.NEVER;
}
