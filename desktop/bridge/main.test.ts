import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/* The program itself, in processes of its own. */

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-main-"));
});
afterEach(() => rm(folder, { recursive: true }));

function launch(...flags: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", "desktop/bridge/main.ts", ...flags], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    // Nobody's keyring, screen or data folder.
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

const start = () => launch("--serve", "--no-open", "--port", "0", "--data-dir", join(folder, "data"));

/** The address that it prints when it is up. */
async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("it has no output");
  const [piece] = (await once(child.stdout, "data")) as [Buffer];
  return piece.toString().trim();
}

async function end(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  if (child.stdout === null || child.stderr === null) throw new Error("it has no output");
  const [[code], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, stdout, stderr };
}

describe("the program", () => {
  it("serves its window, shows it to a second start, and ends when it is told to", async () => {
    const first = start();
    const address = await addressOf(first);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{64}$/);
    // The window may be built or not; somebody answers.
    expect([200, 503]).toContain((await fetch(address)).status);

    const second = await end(start());
    expect([second.code, second.stdout.trim()]).toEqual([0, address]);
    expect(second.stderr).not.toBe("");

    const ended = once(first, "exit");
    first.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(existsSync(join(folder, "data", "window-address"))).toBe(false);
  });

  it("starts again after it was killed, at an address with the same token", async () => {
    const first = start();
    const token = new URL(await addressOf(first)).hash;
    const killed = once(first, "exit");
    first.kill("SIGKILL");
    await killed;
    const second = start();
    expect(new URL(await addressOf(second)).hash).toBe(token);
    const ended = once(second, "exit");
    second.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
  });

  it.each([[], ["--serve", "--port", "none"], ["--serve", "--port", "65536"], ["--serve", "--unknown"]])(
    "does not start with %j",
    async (...flags) => {
      expect((await end(launch(...flags))).code).toBe(2);
      expect(existsSync(join(folder, ".local"))).toBe(false);
    },
  );
});
