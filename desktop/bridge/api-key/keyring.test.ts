import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const run = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-keyring-"));
});
afterEach(() => rm(folder, { recursive: true }));

// GNOME's keyring, for the Secret Service of Linux: the keyrings of other systems cannot be had for a test.
describe("the keyring of a session", () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const program = `"${process.execPath}" --import tsx desktop/test/keyring-main.ts`;
  const ask = async (command: readonly string[]) => {
    const env = { PATH: process.env.PATH, HOME: folder, XDG_RUNTIME_DIR: folder, XDG_DATA_HOME: join(folder, "data") };
    const [file = "", ...rest] = command;
    const { stdout } = await run(file, rest, { cwd: root, env });
    return JSON.parse(stdout) as unknown;
  };

  it("keeps a key by its account, and forgets it", async () => {
    const unlocked = `printf test | gnome-keyring-daemon --unlock --components=secrets > /dev/null && ${program}`;
    expect(await ask(["dbus-run-session", "--", "sh", "-c", unlocked])).toEqual({
      before: null,
      isWritten: true,
      kept: "a key of a test",
      ofOther: null,
      after: null,
    });
  });

  it("is none where nobody keeps one: not the kernel's, which forgets", async () => {
    expect(await ask(["sh", "-c", program])).toEqual({
      before: null,
      isWritten: false,
      kept: null,
      ofOther: null,
      after: null,
    });
  });
});
