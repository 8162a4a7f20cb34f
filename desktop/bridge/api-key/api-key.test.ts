import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keyringOrFile, type SecretPlace } from "./api-key-store.ts";
import { encryptedFilePlace } from "./encrypted-file-place.ts";

const KEY = "a-very-secret-api-key";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-key-"));
});
afterEach(() => rm(folder, { recursive: true }));

const files = () => ({ secret: join(folder, "api-key.encrypted"), key: join(folder, "api-key.secret") });

describe("a key in a file", () => {
  it("is found again, and stands nowhere as it is", async () => {
    const place = encryptedFilePlace(files());
    expect(await place.read()).toBeNull();
    await place.write(KEY);
    expect(await encryptedFilePlace(files()).read()).toBe(KEY);
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      expect((await readFile(path)).includes(KEY)).toBe(false);
      expect((await stat(path)).mode & 0o077).toBe(0);
    }
  });

  it("is another text each time, under the key that was there", async () => {
    const place = encryptedFilePlace(files());
    await place.write(KEY);
    const [text, key] = await Promise.all([readFile(files().secret, "utf8"), readFile(files().key)]);
    await place.write(KEY);
    expect(await readFile(files().secret, "utf8")).not.toBe(text);
    expect(await readFile(files().key)).toEqual(key);
  });

  it("is none when somebody changed it, or brought the key of another", async () => {
    const place = encryptedFilePlace(files());
    await place.write(KEY);
    const text = (await readFile(files().secret, "utf8")).trim();
    const sealed = Buffer.from(text.slice("mgm1:".length), "base64");
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    await writeFile(files().secret, `mgm1:${sealed.toString("base64")}`);
    expect(await place.read()).toBeNull();
    await writeFile(files().secret, text);
    expect(await place.read()).toBe(KEY);
    await writeFile(files().key, Buffer.alloc(32));
    expect(await place.read()).toBeNull();
  });

  it.each(["", "mgm1:", "mgm2:AAAA", "not ours"])("is none in a file that says %j", async (text) => {
    const place = encryptedFilePlace(files());
    await place.write(KEY);
    await writeFile(files().secret, text);
    expect(await place.read()).toBeNull();
  });
});

describe("where the key goes", () => {
  const memory = (exists: boolean): SecretPlace & { secret: string | null } => ({
    secret: null,
    async read() {
      return exists ? this.secret : null;
    },
    async write(secret) {
      if (exists) this.secret = secret;
      return exists;
    },
    async remove() {
      this.secret = null;
    },
  });

  it("is the keyring where there is one", async () => {
    const store = keyringOrFile(memory(true), encryptedFilePlace(files()));
    expect(await store.read()).toBeNull();
    expect(await store.save(KEY)).toBe("keyring");
    expect(await store.read()).toEqual({ apiKey: KEY, storage: "keyring" });
    expect(await readdir(folder)).toEqual([]);
  });

  it("is a file where there is none, and moves when there is one later", async () => {
    const file = encryptedFilePlace(files());
    expect(await keyringOrFile(memory(false), file).save(KEY)).toBe("encrypted_file");
    const later = keyringOrFile(memory(true), file);
    expect(await later.read()).toEqual({ apiKey: KEY, storage: "encrypted_file" });
    expect(await later.save("another")).toBe("keyring");
    expect(await readdir(folder)).toEqual([]);
    expect(await later.read()).toEqual({ apiKey: "another", storage: "keyring" });
  });
});
