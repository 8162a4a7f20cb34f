import { PAYOUT_STATUSES } from "@mgm/domain/payout";
import { z } from "zod";
import { wordInAnyCase } from "../../schemas/texts.ts";

/** A payout's status, written in any case. */
export const statusWord = wordInAnyCase(PAYOUT_STATUSES);

/** The same as a filter: an empty one is none. */
export const statusFilter = z.union([statusWord, z.literal("").transform(() => null)]);
