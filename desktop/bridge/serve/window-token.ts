import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";

const TOKEN = /^[0-9a-f]{64}$/;

/** The token of a data folder, made at its first start: an address that was kept as a bookmark goes on working. */
export async function windowToken(path: string): Promise<string> {
  const kept = (await readFile(path, "utf8").catch(() => "")).trim();
  if (TOKEN.test(kept)) return kept;
  const made = randomBytes(32).toString("hex");
  await writeFileAtomic(path, `${made}\n`, { mode: 0o600 });
  return made;
}

/** Whether two tokens are the same; how long that takes says nothing about where they differ. */
export function isSameToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
