import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("make-secrets.sh", import.meta.url));
/** Only Twitch knows them. */
const TO_BE_FILLED_IN = ["twitch_client_secret", "twitch_extension_secrets"];

let folder: string;
let programs: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-secrets-"));
  programs = await mkdtemp(join(tmpdir(), "mgm-programs-"));
  for (const name of ["mkdir", "cat", "mv"]) await symlink(`/bin/${name}`, join(programs, name));
});
afterEach(async () => {
  for (const made of [folder, programs]) await rm(made, { recursive: true });
});

const make = (path = process.env.PATH) => promisify(execFile)("/bin/sh", [SCRIPT, folder], { env: { PATH: path } });

async function secrets(): Promise<Record<string, string>> {
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return Object.fromEntries(names.map((name, at) => [name, texts[at]?.trim() ?? ""]));
}

describe("make-secrets.sh", () => {
  it("makes every secret up but those that only Twitch knows, and another run changes none", async () => {
    await make();
    const made = await secrets();
    expect(Object.keys(made)).toHaveLength(9);
    const isEmpty = Object.keys(made).filter((name) => made[name] === "");
    expect(isEmpty.toSorted()).toEqual(TO_BE_FILLED_IN);
    await make();
    expect(await secrets()).toEqual(made);
  });

  it("makes nothing where openssl is missing", async () => {
    await expect(make(programs)).rejects.toMatchObject({ code: 1 });
    expect(await secrets()).toEqual({});
  });

  it("stops where openssl fails, and the next run makes what is missing", async () => {
    await writeFile(join(programs, "openssl"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    await expect(make(programs)).rejects.toMatchObject({ code: 3 });
    expect(Object.values(await secrets())).not.toContain("");
    await make();
    expect((await secrets()).postgres_admin_url).toMatch(/^postgres:\/\/postgres:[0-9a-f]{48}@/);
  });

  it("makes a secret up whose file an earlier run left empty", async () => {
    await writeFile(join(folder, "desktop_api_keys"), "\n");
    await make();
    expect((await secrets()).desktop_api_keys).not.toBe("");
  });
});
