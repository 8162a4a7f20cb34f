import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** A pair of tokens of one account. */
export interface UserTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Sealed tokens and which key opens them. */
export interface SealedTokens {
  readonly keyId: string;
  readonly sealedTokens: Buffer;
}

/** The length of a key, in bytes. */
export const SEAL_KEY_BYTES = 32;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_CHARACTERS = 12;

/**
 * Seals tokens with AES-256-GCM: nonce, tag, ciphertext. The first key seals and every key opens, so that a new one can
 * be put in front of the old. What is sealed for one account opens for no other.
 */
export class TokenSeal {
  readonly #keys: readonly { readonly id: string; readonly key: Buffer }[];

  constructor(keys: readonly Buffer[]) {
    this.#keys = keys.map((key) => ({ id: idOf(key), key }));
  }

  seal(account: string, tokens: UserTokens): SealedTokens {
    const [first] = this.#keys;
    if (first === undefined) throw new Error("there is no key to seal with");
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", first.key, nonce);
    cipher.setAAD(Buffer.from(account));
    const text = JSON.stringify([tokens.accessToken, tokens.refreshToken]);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return { keyId: first.id, sealedTokens: Buffer.concat([nonce, cipher.getAuthTag(), sealed]) };
  }

  /** Null when no key of ours fits, or somebody touched what was sealed. */
  open(account: string, { keyId, sealedTokens }: SealedTokens): UserTokens | null {
    const key = this.#keys.find(({ id }) => id === keyId)?.key;
    if (key === undefined) return null;
    try {
      const nonce = sealedTokens.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", key, nonce);
      decipher.setAAD(Buffer.from(account));
      decipher.setAuthTag(sealedTokens.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const opened = [decipher.update(sealedTokens.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()];
      const [accessToken, refreshToken] = JSON.parse(Buffer.concat(opened).toString("utf8")) as [string, string];
      return { accessToken, refreshToken };
    } catch {
      // Why it does not open is nothing that anybody can act on: the account logs in anew.
      return null;
    }
  }
}

function idOf(key: Buffer): string {
  return createHash("sha256").update("key id").update(key).digest("hex").slice(0, KEY_ID_CHARACTERS);
}
