import { AsyncEntry } from "@napi-rs/keyring";
import type { SecretPlace } from "./api-key-store.ts";

const SERVICE = "mimirons-gold-o-matic";
/** A keyring that is locked may ask the person at the machine; one that does not answer at all must not hold us up. */
const PATIENCE_MS = 60_000;

/**
 * The operating system's keyring: Credential Manager, Keychain, or the Secret Service. On Linux never the kernel's, which
 * forgets at every start of the machine. `account` tells the keys of several data folders apart.
 */
export function keyringPlace(account: string): SecretPlace {
  const entry = (): AsyncEntry => new AsyncEntry(SERVICE, account, { linux: { store: "secret-service" } });
  // Every fault means the same to us: no keyring that can be used.
  const orElse = async <Result>(work: (signal: AbortSignal) => Promise<Result>, otherwise: Result): Promise<Result> => {
    try {
      return await work(AbortSignal.timeout(PATIENCE_MS));
    } catch {
      return otherwise;
    }
  };
  const read = () => orElse(async (signal) => (await entry().getPassword(signal)) ?? null, null);
  return {
    read,
    async write(secret) {
      const isWritten = await orElse(async (signal) => {
        await entry().setPassword(secret, signal);
        return true;
      }, false);
      // Some accept and keep nothing.
      return isWritten && (await read()) === secret;
    },
    async remove() {
      await orElse((signal) => entry().deletePassword(signal), false);
    },
  };
}
