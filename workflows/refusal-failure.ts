import type { Refusal } from "@mgm/domain/refusal";
import { ApplicationFailure } from "@temporalio/common";

/** A refusal on its way to a caller: the code travels as the failure's type, never in its text. */
export function refusalFailure(refusal: Refusal): ApplicationFailure {
  return ApplicationFailure.create({
    type: refusal.code,
    message: `refused: ${refusal.code}`,
    nonRetryable: true,
    category: "BENIGN",
    details: [refusal.details ?? {}],
  });
}
