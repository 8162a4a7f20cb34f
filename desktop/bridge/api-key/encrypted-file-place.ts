import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";
import type { SecretPlace } from "./api-key-store.ts";

/*
 * For machines without a keyring: the secret under AES-256-GCM in one file, the key to it in another, both readable by
 * their owner only. That keeps it out of sight, of searches, and of copies that have one of the two; it does not keep it
 * from anybody who may read both. The window says so.
 *
 *   secret file: "mgm1" | nonce (12) | tag (16) | ciphertext, base64
 */

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = "mgm1:";
const OWNER_ONLY = 0o600;

/** A secret in a file. What does not open any more counts as none. */
export function encryptedFilePlace(files: { readonly secret: string; readonly key: string }): SecretPlace {
  return {
    async read() {
      const [text, key] = await Promise.all([contentOf(files.secret), contentOf(files.key)]);
      if (text === null || key === null) return null;
      return decrypt(text.toString("utf8").trim(), key);
    },
    async write(secret) {
      const kept = await contentOf(files.key);
      const key = kept?.length === KEY_BYTES ? kept : randomBytes(KEY_BYTES);
      // The key first, and kept: a crash in between leaves the secret that was there before.
      if (key !== kept) await writeFileAtomic(files.key, key, { mode: OWNER_ONLY });
      await writeFileAtomic(files.secret, `${encrypt(secret, key)}\n`, { mode: OWNER_ONLY });
      return true;
    },
    async remove() {
      await Promise.all([rm(files.secret, { force: true }), rm(files.key, { force: true })]);
    },
  };
}

function encrypt(secret: string, key: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return FORMAT + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
}

/** Null where the two files do not belong together or were changed. */
function decrypt(text: string, key: Buffer): string | null {
  const bytes = Buffer.from(text.slice(FORMAT.length), "base64");
  if (!text.startsWith(FORMAT) || key.length !== KEY_BYTES || bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const opened = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  opened.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const sealed = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([opened.update(sealed), opened.final()]).toString("utf8");
  } catch {
    // The tag does not fit: whatever this is, it is not what was written.
    return null;
  }
}

async function contentOf(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
