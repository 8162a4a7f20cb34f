/** Where the API key is kept. */
export interface ApiKeyStore {
  /** The key and where it lies; null while there is none. */
  read(): Promise<KeptApiKey | null>;
  /** Replaces the key; says where it was put. */
  save(apiKey: string): Promise<ApiKeyStorage>;
}

/** `encrypted_file` deserves a warning: who may read the data folder may read the key. */
export type ApiKeyStorage = "keyring" | "encrypted_file";

/** A key that was found. */
export interface KeptApiKey {
  readonly apiKey: string;
  readonly storage: ApiKeyStorage;
}

/** The keyring where there is one, else a file. A key that got into the keyring leaves the file. */
export function keyringOrFile(keyring: SecretPlace, file: SecretPlace): ApiKeyStore {
  return {
    async read() {
      // A keyring that cannot be asked now may hold an older key than the file, which was written because of that.
      const inFile = await file.read();
      if (inFile !== null) return { apiKey: inFile, storage: "encrypted_file" };
      const kept = await keyring.read();
      return kept === null ? null : { apiKey: kept, storage: "keyring" };
    },
    async save(apiKey) {
      if (await keyring.write(apiKey)) {
        await file.remove();
        return "keyring";
      }
      await file.write(apiKey);
      return "encrypted_file";
    },
  };
}

/** One place for one secret. */
export interface SecretPlace {
  /** Null where there is none, or the place does not exist on this machine. */
  read(): Promise<string | null>;
  /** False where the place does not exist on this machine. */
  write(secret: string): Promise<boolean>;
  remove(): Promise<void>;
}
