import { createHash, createHmac } from "node:crypto";

/** SHA-1 of bytes, as the domain's id rule wants it. */
export function sha1(bytes: Uint8Array): Uint8Array {
  return createHash("sha1").update(bytes).digest();
}

/** HMAC-SHA-256 of a text's UTF-8 bytes, as the domain's draw wants it. */
export function hmacSha256(key: Uint8Array, text: string): Uint8Array {
  return createHmac("sha256", key).update(text, "utf8").digest();
}

/** SHA-256 of a text's UTF-8 bytes in lower case hex. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
