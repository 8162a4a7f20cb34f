import { createHash } from "node:crypto";

/** How far the log was acted on: a byte offset at the beginning of a line, and what proves that it is still that log. */
export interface LogPosition {
  readonly offset: number;
  /** SHA-256 (hex) of the bytes before the offset, at most `FINGERPRINT_BYTES` of them. */
  readonly fingerprint: string;
}

/** Bytes that vouch for a position; several lines with their timestamps fit, which no other log repeats. */
export const FINGERPRINT_BYTES = 1_024;

/** The fingerprint of the bytes right before a position. */
export function fingerprintOf(bytesBefore: Uint8Array): string {
  return createHash("sha256").update(bytesBefore.subarray(-FINGERPRINT_BYTES)).digest("hex");
}

/** The beginning of any log. */
export const LOG_BEGINNING: LogPosition = { offset: 0, fingerprint: fingerprintOf(new Uint8Array()) };
