import { GIFT_FAILURE_REASONS, type GiftFailureReason } from "@mgm/domain/gift";
import { type GiftItem, parseGiftItem } from "@mgm/domain/gift-item";
import { isId } from "@mgm/domain/instant";
import { PAYOUT_CAUSES, type PayoutCause } from "@mgm/domain/payout";
import { refusalFailure } from "../refusal-failure.ts";

/*
 * Messages to a gift request come from the API and from operators' hands. What a hand typed is checked before anything
 * acts on it: a value that the database refuses would be tried again for ever.
 */

/** Who sends a message, complete. */
export interface Origin {
  readonly cause: PayoutCause;
  readonly desktopId: string | null;
  readonly receivedAt: number;
}

/** Reads a selected item; throws the refusal `invalid_payload`. */
export function readSelection(input: unknown): Origin & { item: GiftItem } {
  const fields = fieldsOf(input);
  const item = parseGiftItem(fields.item);
  if (item === null) throw invalid("item");
  return { item, ...originOf(fields) };
}

/** Reads a viewer's answer; throws the refusal `invalid_payload`. */
export function readConfirmation(input: unknown): Origin & { confirmed: boolean } {
  const fields = fieldsOf(input);
  if (typeof fields.confirmed !== "boolean") throw invalid("confirmed");
  return { confirmed: fields.confirmed, ...originOf(fields) };
}

/** Reads why a request shall end; throws the refusal `invalid_payload`. */
export function readFailure(input: unknown): Origin & { reason: GiftFailureReason } {
  const fields = fieldsOf(input);
  const reason = GIFT_FAILURE_REASONS.find((known) => known === fields.reason);
  if (reason === undefined) throw invalid("reason");
  return { reason, ...originOf(fields) };
}

/** Reads that the mail was sent; nothing at all is an operator's word. Throws the refusal `invalid_payload`. */
export function readSent(input: unknown): Origin {
  return originOf(input === undefined || input === null ? {} : fieldsOf(input));
}

function originOf(fields: Record<string, unknown>): Origin {
  const { desktopId = null, receivedAt = Date.now() } = fields;
  const cause = PAYOUT_CAUSES.find((known) => known === (fields.cause ?? "operator"));
  if (cause === undefined) throw invalid("cause");
  if (desktopId !== null && !(typeof desktopId === "string" && isId(desktopId))) throw invalid("desktopId");
  // Beyond that a Date is no date any more.
  if (!Number.isSafeInteger(receivedAt) || Math.abs(receivedAt as number) > 8.64e15) throw invalid("receivedAt");
  return { cause, desktopId, receivedAt: receivedAt as number };
}

function fieldsOf(input: unknown): Record<string, unknown> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) throw invalid("input");
  return input as Record<string, unknown>;
}

function invalid(field: string): Error {
  return refusalFailure({ ok: false, code: "invalid_payload", details: { fields: [field] } });
}
