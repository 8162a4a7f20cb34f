import { judgeEnrolment } from "@mgm/domain/enrolment";
import { type Refusal, refuse } from "@mgm/domain/refusal";
import { type Database, firstRow, type Queryable, transact, violates } from "../database.ts";
import { lockViewer } from "./lock-viewer.ts";
import { NAME_INDEX, type PoolEntry, putPoolEntry } from "./put-entry.ts";
import { readEnrolmentStanding } from "./standing.ts";

/** `replayed`: the same claim was accepted before, and nothing was done now. */
export type ClaimResult = { readonly ok: true; readonly replayed: boolean; readonly characterName: string } | Refusal;

/** A claim to enrol; when it was given is when its turn comes. */
export type ClaimedEntry = Omit<PoolEntry, "commandedAt">;

/** Looks for an accepted claim with this id; null when the id is new. */
export async function findClaim(
  db: Queryable,
  claim: Pick<PoolEntry, "broadcasterId" | "enrollmentRequestId" | "twitchUserId" | "characterName">,
): Promise<ClaimResult | null> {
  const row = firstRow(
    await db.query<{ twitch_user_id: string; character_name: string }>(
      `select twitch_user_id, character_name from claims where broadcaster_id = $1 and enrollment_request_id = $2`,
      [claim.broadcasterId, claim.enrollmentRequestId],
    ),
  );
  if (row === null) return null;
  const isSame = row.twitch_user_id === claim.twitchUserId && row.character_name === claim.characterName;
  return isSame ? { ok: true, replayed: true, characterName: row.character_name } : refuse("duplicate_enrollment");
}

/** Enrols a viewer by a claim over HTTP in one transaction; only accepted ids are kept. */
export async function enrollByClaim(database: Database, claim: ClaimedEntry): Promise<ClaimResult> {
  try {
    return await transact(database, async (client) => {
      await lockViewer(client, claim.broadcasterId, claim.twitchUserId);
      const now = Date.now();
      // The id is taken first, so that two claims with one id cannot both go on.
      const taken = await client.query(
        `insert into claims (broadcaster_id, enrollment_request_id, twitch_user_id, character_name, claimed_at)
         values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [claim.broadcasterId, claim.enrollmentRequestId, claim.twitchUserId, claim.characterName, new Date(now)],
      );
      if (taken.rowCount !== 1) {
        const earlier = await findClaim(client, claim);
        if (earlier !== null) return earlier;
      }
      const standing = await readEnrolmentStanding(
        client,
        claim.broadcasterId,
        claim.twitchUserId,
        claim.characterName,
      );
      const refusal = judgeEnrolment(standing, claim.twitchUserId);
      if (refusal !== null) throw new Refused(refusal);
      // Nobody but us says when a claim was given, so it is never older than what it follows.
      const commandedAt = Math.max(now, standing.enteredAt ?? 0, standing.leftAt ?? 0);
      await putPoolEntry(client, { ...claim, commandedAt });
      return { ok: true, replayed: false, characterName: claim.characterName };
    });
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    if (violates(error, NAME_INDEX)) return refuse("character_name_taken_in_pool");
    throw error;
  }
}

/** Rolls the transaction back, so that a refused claim keeps no id. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}
