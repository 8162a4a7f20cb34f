import { createHmac, timingSafeEqual } from "node:crypto";

/** The headers that a signature covers, exactly as they arrived. */
export interface SignedHeaders {
  readonly messageId: string;
  readonly timestamp: string;
  readonly signature: string;
}

/** Whether the signature is the HMAC-SHA-256 of id, timestamp and raw body under our secret. */
export function isSignedBy(secret: string, headers: SignedHeaders, body: Buffer): boolean {
  const expected = `sha256=${createHmac("sha256", secret).update(headers.messageId).update(headers.timestamp).update(body).digest("hex")}`;
  const given = Buffer.from(headers.signature);
  const wanted = Buffer.from(expected);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
