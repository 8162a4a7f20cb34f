import { boundaryAt } from "@mgm/domain/spin-cycle";
import { randomName, type World } from "../../temporal/test/world.ts";
import type { PlayedGame } from "./played-game.ts";

/** A viewer who was drawn and waits for whatever the bridge and the game make of it. */
export interface Winner {
  readonly characterName: string;
  readonly spinCycleId: string;
}

let variant = 0;

/** Lets a viewer join in chat and be drawn. Nobody else may be in the pool. */
export async function drawWinner(
  world: World,
  played: PlayedGame,
  { characterName = randomName(), displayName = characterName }: Partial<Winner> & { displayName?: string } = {},
): Promise<Winner> {
  played.meet(characterName);
  await world.say({ id: `u-${characterName}`, displayName }, `!twgold ${characterName}`);
  variant += 1_000;
  const { spinCycleId, candidate } = await world.spin(variant);
  if (candidate !== characterName) throw new Error(`drawn ${candidate}, not ${characterName}: the pool was not empty`);
  await makeNewest(world, spinCycleId);
  return { characterName, spinCycleId };
}

/** The cycle of the present boundary alone is offered to a desktop; nobody waits years for the next one. */
async function makeNewest({ database, broadcasterId, timings }: World, spinCycleId: string): Promise<void> {
  const present = new Date(boundaryAt(Date.now(), timings.intervalMs));
  await database.query(
    `update spin_cycles set boundary_at = boundary_at - $3 * interval '1 second'
     where broadcaster_id = $1 and boundary_at = $2`,
    [broadcasterId, present, variant],
  );
  await database.query("update spin_cycles set boundary_at = $2 where spin_cycle_id = $1", [spinCycleId, present]);
}

/** The payout that came of it; null while there is none. */
export async function payoutOf(world: World, { spinCycleId }: Winner): Promise<WinnersPayout | null> {
  const { rows } = await world.database.query<WinnersPayout>(
    `select payout_id as "payoutId", status, mail_confirmed_at is not null as "isMailConfirmed"
     from payouts where spin_cycle_id = $1`,
    [spinCycleId],
  );
  return rows[0] ?? null;
}

/** What a test wants to know of a payout. */
export interface WinnersPayout {
  readonly payoutId: string;
  readonly status: string;
  readonly isMailConfirmed: boolean;
}
