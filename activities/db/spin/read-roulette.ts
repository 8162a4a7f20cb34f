import { SHOWN_OUTCOMES, type SpinOutcome } from "@mgm/domain/spin-cycle";
import { firstRow, type Queryable, timeOf } from "../database.ts";
import { type SpinCycle, type SpinCycleRow, spinCycleOf } from "./cycle-row.ts";

/** All that the public state is made of, read at one moment. Times are Unix milliseconds. */
export interface Roulette {
  readonly poolCount: number;
  readonly paused: boolean;
  readonly skippedBoundary: number | null;
  /** The newest boundary's cycle; null while it has none. */
  readonly cycle: SpinCycle | null;
  readonly lastSpin: { spinCycleId: string; boundary: number; outcome: SpinOutcome; characterName: string } | null;
  /** Names of the newest cycle that had a candidate. */
  readonly lastWheel: readonly string[];
  readonly streamer: { character: string; realm: string } | null;
  readonly bangSwallowed: boolean;
}

/** Reads the public state of a channel whose newest boundary is `boundary`, as viewers may see it at `now`. */
export async function readRoulette(
  db: Queryable,
  channel: { broadcasterId: string; boundary: number; now: number },
): Promise<Roulette> {
  const result = await db.query<{
    pool_count: number;
    paused: boolean | null;
    skipped_boundary_at: Date | null;
    cycle: SpinCycleJson | null;
    last_cycle_id: string | null;
    last_boundary: Date | null;
    last_outcome: SpinOutcome | null;
    last_name: string | null;
    last_wheel: string[] | null;
    streamer_character: string | null;
    streamer_realm: string | null;
    bang_swallowed: boolean | null;
  }>({
    name: "read-roulette",
    text: `select
        (select count(*)::int from pool_entries where broadcaster_id = $1) as pool_count,
        channels.paused, channels.skipped_boundary_at,
        to_jsonb(cycle) as cycle,
        last.spin_cycle_id as last_cycle_id, last.boundary_at as last_boundary, last.outcome as last_outcome,
        last.candidate_name as last_name,
        (select wheel from spin_cycles where broadcaster_id = $1 and candidate_name is not null
          order by boundary_at desc limit 1) as last_wheel,
        desktop.streamer_character, desktop.streamer_realm, desktop.bang_swallowed
      from (select) as one
      left join channels on channels.broadcaster_id = $1
      left join spin_cycles cycle on cycle.broadcaster_id = $1 and cycle.boundary_at = $2
      left join lateral (
        select * from spin_cycles
         where broadcaster_id = $1 and outcome = any($4)
           and boundary_at + (timings->>'wheelMs')::float8 * interval '1 millisecond' <= $3
         order by boundary_at desc limit 1) last on true
      left join desktop_leases lease on lease.broadcaster_id = $1
      left join desktops desktop on desktop.broadcaster_id = $1 and desktop.desktop_id = lease.desktop_id`,
    values: [channel.broadcasterId, new Date(channel.boundary), new Date(channel.now), SHOWN_OUTCOMES],
  });
  const row = firstRow(result);
  if (row === null) throw new Error("a select over one row always has a row");
  const { last_cycle_id, last_boundary, last_outcome, last_name, streamer_character, streamer_realm } = row;
  const isComplete = last_cycle_id !== null && last_boundary !== null && last_outcome !== null && last_name !== null;
  return {
    poolCount: row.pool_count,
    paused: row.paused ?? false,
    skippedBoundary: timeOf(row.skipped_boundary_at),
    cycle: row.cycle === null ? null : spinCycleOf(fromJson(row.cycle)),
    lastSpin: isComplete
      ? {
          spinCycleId: last_cycle_id,
          boundary: last_boundary.getTime(),
          outcome: last_outcome,
          characterName: last_name,
        }
      : null,
    lastWheel: row.last_wheel ?? [],
    streamer:
      streamer_character === null || streamer_realm === null
        ? null
        : { character: streamer_character, realm: streamer_realm },
    bangSwallowed: row.bang_swallowed ?? false,
  };
}

type TimeColumn = "boundary_at" | "drawn_at" | "verify_until" | "outcome_at";
type SpinCycleJson = Omit<SpinCycleRow, TimeColumn> & Record<TimeColumn, string | null>;

/** A row that came inside JSON has its times as texts. */
function fromJson(row: SpinCycleJson): SpinCycleRow {
  const time = (text: string | null): Date | null => (text === null ? null : new Date(text));
  return {
    ...row,
    boundary_at: new Date(row.boundary_at ?? 0),
    verify_until: new Date(row.verify_until ?? 0),
    drawn_at: time(row.drawn_at),
    outcome_at: time(row.outcome_at),
  };
}

/** The cycle that is offered to the desktop: drawn, undecided and not yet reported, of the newest boundary. */
export async function findOfferedCycle(
  db: Queryable,
  broadcasterId: string,
  boundary: number,
): Promise<SpinCycle | null> {
  const row = firstRow(
    await db.query<SpinCycleRow>(
      `select * from spin_cycles where broadcaster_id = $1 and boundary_at = $2
          and candidate_name is not null and outcome is null`,
      [broadcasterId, new Date(boundary)],
    ),
  );
  return row === null ? null : spinCycleOf(row);
}

/** Whether a channel's spins are paused. */
export async function readPaused(db: Queryable, broadcasterId: string): Promise<boolean> {
  const row = firstRow(
    await db.query<{ paused: boolean }>("select paused from channels where broadcaster_id = $1", [broadcasterId]),
  );
  return row?.paused ?? false;
}

/** Pauses or resumes a channel's spins. */
export async function setPaused(db: Queryable, broadcasterId: string, paused: boolean): Promise<void> {
  await db.query(
    `insert into channels (broadcaster_id, paused) values ($1, $2)
     on conflict (broadcaster_id) do update set paused = excluded.paused`,
    [broadcasterId, paused],
  );
}
