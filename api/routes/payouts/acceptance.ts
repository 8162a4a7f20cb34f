import type { Payout } from "@mgm/activities/db/payout/payout-row";
import { payoutSnapshot } from "@mgm/activities/snapshots";
import { parseCharacterName } from "@mgm/domain/character-name";
import { acceptPayout, isActive } from "@mgm/domain/payout";
import type { AcceptInput } from "@mgm/workflows/payout/messages";
import { z } from "zod";
import { expectOk } from "../../errors.ts";
import { desktopIdOf } from "../../middleware/desktop-auth.ts";
import { presentPayoutDetails } from "../../present.ts";
import { route } from "../../routing/route.ts";
import { payoutDetails } from "../../schemas/payout.ts";
import { idPath } from "../../schemas/texts.ts";
import { type ChangeDependencies, endedMeanwhile, existingPayout } from "./existing-payout.ts";

export const confirmAcceptance = route(
  {
    name: "confirmAcceptance",
    method: "POST",
    path: "/api/payouts/{id}/confirm-acceptance",
    who: "desktop",
    summary: "The winner agreed in the game. A fact: any desktop may tell it.",
    params: idPath,
    body: z.object({ characterName: z.string() }),
    answers: { 200: payoutDetails },
    codes: ["character_name_mismatch", "terminal_status_change_not_allowed"],
  },
  (deps: ChangeDependencies) =>
    async (ctx, { params, body }) => {
      const name = parseCharacterName(body.characterName);
      const input = {
        characterName: name.ok ? name.name : null,
        receivedAt: ctx.state.receivedAt,
        cause: "log",
        desktopId: desktopIdOf(ctx),
      } satisfies AcceptInput;
      const payout = await existingPayout(deps, ctx, params.id);
      if (!isActive(payout.status)) {
        ctx.body = presentPayoutDetails(answerEnded(payout, input));
        return;
      }
      const answer = await deps.workflows.updatePayout(payoutSnapshot(payout), "accept", input, ctx.state.deadlineAt);
      ctx.body = presentPayoutDetails(
        answer.kind === "done"
          ? await existingPayout(deps, ctx, params.id)
          : answerEnded(await endedMeanwhile(deps, ctx, params.id), input),
      );
    },
);

function answerEnded(payout: Payout, { characterName, receivedAt }: AcceptInput): Payout {
  expectOk(acceptPayout(payout, { drawnName: payout.characterName, characterName, at: receivedAt }));
  return payout;
}
