import { findSpinCycle, type SpinCycle } from "@mgm/activities/db/spin/cycle-row";
import { recordReport } from "@mgm/activities/db/spin/record-report";
import { parseCharacterName } from "@mgm/domain/character-name";
import { parseInstant } from "@mgm/domain/instant";
import { judgeReport } from "@mgm/domain/spin-cycle";
import type { VerifyResultDto } from "@mgm/domain/wire";
import type { ReportInput, ReportResult } from "@mgm/workflows/spin/messages";
import { z } from "zod";
import { desktopBroadcasterOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError, expectOk } from "../../errors.ts";
import { route } from "../../routing/route.ts";
import { outcomeWord } from "../../schemas/roulette.ts";
import { id, idInRequest, instantInRequest } from "../../schemas/texts.ts";

export const verifyCandidate = route(
  {
    name: "verifyCandidate",
    method: "POST",
    path: "/api/roulette/verify-candidate",
    who: "desktop",
    needsLease: true,
    summary: "The game's word on whether the candidate is online; the first one in time decides.",
    body: z.object({
      schemaVersion: z.literal(1),
      spinCycleId: idInRequest,
      characterName: z.string().meta({ description: "As drawn; any case." }),
      online: z.boolean(),
      capturedAt: instantInRequest,
    }),
    answers: { 200: z.object({ spinCycleId: id, outcome: outcomeWord, payoutId: id.nullable() }) },
    codes: [
      "out_of_sequence",
      "pool_empty",
      "character_name_mismatch",
      "active_payout_exists",
      "lifetime_cap_reached",
      "not_enrolled",
    ],
  },
  ({ database, workflows }: Pick<ApiDependencies, "database" | "workflows">) =>
    async (ctx, { body: report }) => {
      const broadcasterId = desktopBroadcasterOf(ctx);
      const parsed = parseCharacterName(report.characterName);
      const characterName = parsed.ok ? parsed.name : null;
      const { receivedAt } = ctx.state;
      const find = () => findSpinCycle(database, broadcasterId, report.spinCycleId);
      const judge = (cycle: SpinCycle | null) =>
        expectOk(judgeReport(cycle, { characterName, online: report.online }, receivedAt));

      let cycle = await find();
      const judgement = judge(cycle);
      if (cycle === null || characterName === null) throw new Error("the rules let no such report through");
      if (judgement.kind === "decides") {
        const capturedAt = parseInstant(report.capturedAt) ?? receivedAt;
        const { spinCycleId } = cycle;
        await recordReport(database, { broadcasterId, spinCycleId, online: report.online, capturedAt, receivedAt });
        // Another report may have been first: the stored one is the one that counts.
        cycle = await find();
        judge(cycle);
      }
      if (cycle !== null && cycle.outcome === null) {
        // Also for a repeat: the cycle may never have been told of the first one.
        const input: ReportInput = {
          characterName,
          online: report.online,
          receivedAt: Math.min(receivedAt, cycle.verifyUntil),
        };
        await workflows.update<ReportResult, ReportInput>(cycle.workflowId, "report", input, ctx.state.deadlineAt);
      }
      ctx.body = present(await find());
    },
);

function present(cycle: SpinCycle | null): VerifyResultDto {
  // A cycle whose workflow is gone is decided by the reconcile job; the report is kept for it.
  if (cycle === null || cycle.outcome === null) throw new ApiError("temporarily_unavailable");
  if (cycle.outcome === "refused" && cycle.refusedReason !== null) {
    throw new ApiError(cycle.refusedReason, { spinCycleId: cycle.spinCycleId, outcome: cycle.outcome });
  }
  return { spinCycleId: cycle.spinCycleId, outcome: cycle.outcome, payoutId: cycle.payoutId };
}
