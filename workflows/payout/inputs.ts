import { isId } from "@mgm/domain/instant";
import { PAYOUT_CAUSES, PAYOUT_STATUSES, type PayoutCause, type PayoutStatus } from "@mgm/domain/payout";
import { refusalFailure } from "../refusal-failure.ts";

/*
 * Messages to a payout come from the API and from operators' hands. What a hand typed is checked before anything acts
 * on it: a value that the database refuses would be tried again for ever.
 */

const NOTE_LIMIT = 500;

/** A request for a status, complete. */
export interface StatusMessage extends ConfirmationMessage {
  readonly status: PayoutStatus;
}

/** The winner's consent, complete. The name is canonical or no name at all. */
export interface AcceptanceMessage extends ConfirmationMessage {
  readonly characterName: string | null;
  readonly receivedAt: number;
}

/** Who confirmed the mail. `rowVersion` is the version of the row that the sender saw; null when it saw none. */
export interface ConfirmationMessage {
  readonly cause: PayoutCause;
  readonly desktopId: string | null;
  readonly rowVersion: number | null;
}

/** Somebody's word that a payout was looked at. */
export interface SettlementMessage {
  readonly note: string;
  readonly cause: PayoutCause;
}

/** Reads a request for a status; throws the refusal `invalid_payload`. */
export function readStatusMessage(input: unknown): StatusMessage {
  const fields = fieldsOf(input);
  const status = PAYOUT_STATUSES.find((known) => known === fields.status);
  if (status === undefined) throw invalid("status");
  return { status, ...readOrigin(fields) };
}

/** Reads an acceptance; without a time it is now. Throws the refusal `invalid_payload`. */
export function readAcceptanceMessage(input: unknown): AcceptanceMessage {
  const fields = fieldsOf(input);
  const { characterName = null, receivedAt = Date.now() } = fields;
  if (characterName !== null && typeof characterName !== "string") throw invalid("characterName");
  // Beyond that a Date is no date any more.
  if (!Number.isSafeInteger(receivedAt) || Math.abs(receivedAt as number) > 8.64e15) throw invalid("receivedAt");
  return { characterName, receivedAt: receivedAt as number, ...readOrigin(fields) };
}

/** Reads a mail confirmation; nothing at all is an operator's. Throws the refusal `invalid_payload`. */
export function readConfirmationMessage(input: unknown): ConfirmationMessage {
  return readOrigin(input === undefined || input === null ? {} : fieldsOf(input));
}

/** Reads a settlement; throws the refusal `invalid_payload`. */
export function readSettlementMessage(input: unknown): SettlementMessage {
  const fields = fieldsOf(input);
  const { note } = fields;
  const isNote = typeof note === "string" && note.length >= 1 && note.length <= NOTE_LIMIT && !note.includes("\0");
  if (!isNote) throw invalid("note");
  return { note, cause: readOrigin(fields).cause };
}

function readOrigin(fields: Record<string, unknown>): ConfirmationMessage {
  const { desktopId = null, rowVersion = null } = fields;
  const cause = PAYOUT_CAUSES.find((known) => known === (fields.cause ?? "operator"));
  if (cause === undefined) throw invalid("cause");
  if (desktopId !== null && !(typeof desktopId === "string" && isId(desktopId))) throw invalid("desktopId");
  if (rowVersion !== null && !Number.isSafeInteger(rowVersion)) throw invalid("rowVersion");
  return { cause, desktopId, rowVersion: rowVersion as number | null };
}

function fieldsOf(input: unknown): Record<string, unknown> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) throw invalid("input");
  return input as Record<string, unknown>;
}

function invalid(field: string): Error {
  return refusalFailure({ ok: false, code: "invalid_payload", details: { fields: [field] } });
}
