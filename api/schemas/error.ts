import type { RefusalCode } from "@mgm/domain/refusal";
import { z } from "zod";

/** The one form of refusals, with the codes that may stand in it. */
export function errorWith(codes: readonly RefusalCode[]) {
  return z.object({
    code: z.enum(codes).meta({ description: "Decide by this." }),
    message: z.string().meta({ description: "For people." }),
    details: z.record(z.string(), z.unknown()),
  });
}
