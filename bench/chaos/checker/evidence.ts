import type { LedgerEntry } from "../ledger.ts";
import type { Code } from "./codes.ts";

/*
 * What the checker looks at: the outside world's ledger, the tables as SQL gives them, the workflows as Temporal lists them.
 * Nothing here comes from the product's code: a rule that is wrong there must not be wrong here in the same way.
 */

/** Something that may not be. */
export interface Finding {
  readonly code: Code;
  /** Which payout, viewer, cycle or workflow. */
  readonly subject: string;
  readonly details: string;
}

/** Makes a finding. */
export function found(code: Code, subject: string, details = ""): Finding {
  return { code, subject, details };
}

export interface PoolRow {
  readonly twitch_user_id: string;
  readonly character_name: string;
  readonly enrollment_request_id: string;
  readonly commanded_at: Date;
}

export interface ExitRow {
  readonly twitch_user_id: string;
  readonly left_at: Date;
}

export interface CommandRow {
  readonly message_id: string;
  readonly twitch_user_id: string;
  readonly command: string;
  readonly result: string;
  readonly sent_at: Date;
}

export interface ClaimRow {
  readonly enrollment_request_id: string;
  readonly twitch_user_id: string;
  readonly character_name: string;
  readonly claimed_at: Date;
}

export interface CycleRow {
  readonly spin_cycle_id: string;
  readonly boundary_at: Date;
  readonly drawn_at: Date | null;
  readonly candidate_name: string | null;
  readonly candidate_user_id: string | null;
  readonly wheel: readonly string[];
  readonly reported_online: boolean | null;
  readonly outcome: string | null;
  readonly payout_id: string | null;
}

export interface DrawRow {
  readonly spin_cycle_id: string;
  readonly algorithm: string;
  readonly entropy: Buffer;
  readonly list_hash: string;
  readonly entrants: number;
  readonly candidate_index: number;
  readonly candidate_name: string;
  readonly candidate_user_id: string;
}

export interface DrawListRow {
  readonly list_hash: string;
  readonly names_deflated: Buffer;
}

export interface PayoutRow {
  readonly payout_id: string;
  readonly spin_cycle_id: string;
  readonly twitch_user_id: string;
  readonly character_name: string;
  readonly copper: string;
  readonly status: string;
  readonly accepted_at: Date | null;
  readonly mail_confirmed_at: Date | null;
  readonly attention: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

export interface PayoutEventRow {
  readonly payout_id: string;
  readonly event_number: number;
  readonly event: string;
  readonly status: string;
  readonly cause: string;
  readonly at: Date;
}

export interface AnnouncementRow {
  readonly payout_id: string;
  readonly state: string;
  readonly message_id: string | null;
}

export interface GiftRow {
  readonly gift_request_id: string;
  readonly twitch_user_id: string;
  readonly character_name: string;
  readonly origin: string;
  readonly state: string;
  readonly failure_reason: string | null;
  readonly selected_item: { readonly id: number; readonly count: number } | null;
  readonly delivered_at: Date | null;
}

export interface GiftEventRow {
  readonly gift_request_id: string;
  readonly event_number: number;
  readonly event: string;
  readonly state: string;
  readonly cause: string;
}

export interface GiftUseRow {
  readonly twitch_user_id: string;
  readonly gift_request_id: string;
}

/** The tables. */
export interface Tables {
  /** The database's clock. */
  readonly now: Date;
  readonly pool: readonly PoolRow[];
  readonly exits: readonly ExitRow[];
  readonly commands: readonly CommandRow[];
  readonly claims: readonly ClaimRow[];
  readonly cycles: readonly CycleRow[];
  readonly draws: readonly DrawRow[];
  readonly drawLists: readonly DrawListRow[];
  readonly payouts: readonly PayoutRow[];
  readonly payoutEvents: readonly PayoutEventRow[];
  readonly announcements: readonly AnnouncementRow[];
  readonly gifts: readonly GiftRow[];
  readonly giftEvents: readonly GiftEventRow[];
  readonly giftUse: readonly GiftUseRow[];
}

/** One run of a workflow. */
export interface Execution {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly status: string;
}

/** What the history of one run tells. */
export interface History {
  readonly workflowId: string;
  readonly type: string;
  /** What it returned; null while it has not. */
  readonly result: Readonly<Record<string, unknown>> | null;
  /** Of its tasks, those that failed in the workflow's own code. */
  readonly failedTasks: readonly string[];
}

/** Everything. */
export interface Evidence {
  readonly ledger: readonly LedgerEntry[];
  readonly tables: Tables;
  readonly executions: readonly Execution[];
  /** Of all executions; null while there is no need to read them, because other things are wrong. */
  readonly histories: readonly History[] | null;
}

/** The ledger's entries of one kind. */
export function entriesOf<Kind extends LedgerEntry["kind"]>(
  { ledger }: Pick<Evidence, "ledger">,
  kind: Kind,
): Extract<LedgerEntry, { kind: Kind }>[] {
  return ledger.filter((entry) => entry.kind === kind) as Extract<LedgerEntry, { kind: Kind }>[];
}

/** The run's own facts. */
export function runOf(evidence: Pick<Evidence, "ledger">): Extract<LedgerEntry, { kind: "run" }> {
  const [run] = entriesOf(evidence, "run");
  if (run === undefined) throw new Error("the ledger does not say what run it is of");
  return run;
}

/** Items by what `keyOf` says of them. */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** By how much times that two servers wrote may disagree: their clocks were set during the run. */
export function clockToleranceMs(evidence: Pick<Evidence, "ledger">): number {
  const jumps = entriesOf(evidence, "clock").filter(({ owner }) => owner !== "bridge");
  return 2 * Math.max(0, ...jumps.map(({ offsetMs }) => Math.abs(offsetMs)));
}
