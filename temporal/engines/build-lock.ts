import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { describeProcess } from "./running-process.ts";

const heartbeatMs = 5_000;
// The cache may lie on a disk that several machines share, where only the heartbeat tells whether a holder lives.
const silentHolderMs = 60_000;
const pollMs = 200;

async function isHolderGone(file: string, content: string): Promise<boolean> {
  const [host, pid] = content.split("\n");
  if (host === hostname() && (await describeProcess(Number(pid))) === null) return true;
  const lastBeat = await stat(file).catch(() => null);
  return lastBeat !== null && Date.now() - lastBeat.mtimeMs > silentHolderMs;
}

/** Does the work while nobody else does so under the same lock file, waiting for others first. */
export async function withLock<T>(file: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      await writeFile(file, `${hostname()}\n${process.pid}\n`, { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const content = await readFile(file, "utf8").catch(() => null);
    if (content !== null && content !== "" && (await isHolderGone(file, content))) {
      // Of several who see that, one moves it away. Should that be a new holder's after all, then the work is done
      // twice, which it must bear.
      const away = `${file}.${randomUUID()}`;
      await rename(file, away).catch(() => undefined);
      await rm(away, { force: true });
      continue;
    }
    if (isFirst) onWait();
    await delay(pollMs);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  }
}
