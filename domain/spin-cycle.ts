import { isBelowLifetimeCap } from "./economics.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { Timings } from "./timings.ts";

/*
 * One spin cycle, from its boundary B on:
 *
 *   start ──► missed             no boundary, or no draw stored by B + grace
 *         ──► nobody_eligible    the draw found nobody
 *         ──► drawn ──► won      a report in time says online, and the candidate may still be paid
 *                   ──► refused  … but the candidate may not be paid any more
 *                   ──► offline  a report in time says offline
 *                   ──► unverified   no report by verifyUntil, decided a slack later
 *
 * Exactly one report decides: the first that is received in time and names the candidate.
 */

/** How a cycle ended. */
export type SpinOutcome = "won" | "offline" | "unverified" | "refused" | "nobody_eligible" | "missed";

/** Outcomes that viewers are shown as the last spin. */
export const SHOWN_OUTCOMES = ["won", "offline", "unverified", "refused"] as const satisfies readonly SpinOutcome[];

/** Why an online candidate was not paid. */
export type RefusedReason = "active_payout_exists" | "lifetime_cap_reached" | "not_enrolled";

/** The newest boundary at or before `now` (both Unix milliseconds). */
export function boundaryAt(now: number, intervalMs: number): number {
  return Math.floor(now / intervalMs) * intervalMs;
}

/** Whether a start time is a boundary at all. */
export function isBoundary(time: number, intervalMs: number): boolean {
  return time % intervalMs === 0;
}

/** Last moment (inclusive, Unix milliseconds) at which a report on the cycle of boundary `boundary` still counts. */
export function verifyUntil(boundary: number, timings: Timings): number {
  return boundary + timings.intervalMs + timings.graceMs;
}

/** Last moment (inclusive) at which a draw may be stored. */
export function drawUntil(boundary: number, timings: Timings): number {
  return boundary + timings.graceMs;
}

/** SHA-1 of bytes; given by the caller, because this package imports nothing. */
export type Sha1 = (bytes: Uint8Array) => Uint8Array;

const URL_NAMESPACE = [0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];

/** UUID v5 of the URL namespace, lower case. */
function urlUuid(name: string, sha1: Sha1): string {
  const hash = sha1(Uint8Array.from([...URL_NAMESPACE, ...utf8(name)])).slice(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The language alone knows UTF-8 only as `%xx`; a broadcaster's id is opaque and need not be ASCII. */
function utf8(text: string): number[] {
  const bytes = encodeURIComponent(text).match(/%..|[^%]/g) ?? [];
  return bytes.map((byte) => (byte.length > 1 ? Number.parseInt(byte.slice(1), 16) : byte.charCodeAt(0)));
}

/** The cycle's id: anybody who knows broadcaster and boundary (Unix milliseconds) can tell it. */
export function spinCycleId(broadcasterId: string, boundary: number, sha1: Sha1): string {
  return urlUuid(`mgm:spin:${broadcasterId}:${boundary}`, sha1);
}

/** What the desktop says about the candidate. */
export interface WhoReport {
  readonly characterName: string;
  readonly online: boolean;
}

/** What is stored of a cycle, as far as a report's fate depends on it. */
export interface ReportedCycle {
  readonly candidateName: string | null;
  readonly verifyUntil: number;
  readonly outcome: SpinOutcome | null;
  /** The deciding report's word, once one was received in time. */
  readonly reportedOnline: boolean | null;
}

/** `decides`: the first valid report. `repeats`: the same report as the deciding one; it gets the same answer. */
export type ReportJudgement = { readonly ok: true; readonly kind: "decides" | "repeats" } | Refusal;

/**
 * Judges a /who report. `receivedAt` is the API's clock at receipt. `characterName` is canonical, or null when the
 * reported text is no name at all. The order of the checks is binding.
 */
export function judgeReport(
  cycle: ReportedCycle | null,
  report: { readonly characterName: string | null; readonly online: boolean },
  receivedAt: number,
): ReportJudgement {
  if (cycle === null) return refuse("out_of_sequence");
  if (cycle.candidateName === null) return refuse("pool_empty");
  if (cycle.candidateName !== report.characterName) return refuse("character_name_mismatch");
  if (cycle.reportedOnline !== null) {
    return cycle.reportedOnline === report.online ? { ok: true, kind: "repeats" } : refuse("out_of_sequence");
  }
  if (cycle.outcome !== null || receivedAt > cycle.verifyUntil) return refuse("out_of_sequence");
  return { ok: true, kind: "decides" };
}

/** What is known of a candidate at the moment when an online report is decided. */
export interface CandidateStanding {
  readonly hasActivePayout: boolean;
  readonly countedCopper: number;
  readonly isInPool: boolean;
}

/** Why this candidate cannot be paid any more; null when nothing stands in the way. The order is binding. */
export function refusedReason(standing: CandidateStanding): RefusedReason | null {
  if (standing.hasActivePayout) return "active_payout_exists";
  if (!isBelowLifetimeCap(standing.countedCopper)) return "lifetime_cap_reached";
  if (!standing.isInPool) return "not_enrolled";
  return null;
}
