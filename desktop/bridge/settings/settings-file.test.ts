import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { seededRandom } from "../../test/seeded-random.ts";
import { defaultSettings, readSettingsText } from "./settings.ts";
import { SettingsFile } from "./settings-file.ts";

const DEFAULTS = defaultSettings({ platform: "linux", locale: "en" });
const NOW = 1_775_304_000_000;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-settings-"));
  path = join(folder, "settings.json");
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => SettingsFile.open(path, DEFAULTS, NOW);

it("keeps what was changed, for its owner only", async () => {
  const file = await open();
  expect(file.value).toEqual(DEFAULTS);
  await file.change({ pollSeconds: 30, language: "ru" });
  const again = await open();
  expect(again.value).toEqual({ ...DEFAULTS, pollSeconds: 30, language: "ru" });
  expect(again.putAside).toBeNull();
  expect((await stat(path)).mode & 0o077).toBe(0);
});

it("keeps all of several changes at once", async () => {
  const file = await open();
  await Promise.all([
    file.change({ pollSeconds: 30 }),
    file.change({ language: "ru" }),
    file.change({ sounds: false }),
  ]);
  expect(file.value).toEqual({ ...DEFAULTS, pollSeconds: 30, language: "ru", sounds: false });
  expect((await open()).value).toEqual(file.value);
});

it.each([
  ["cut short", '{"version":1,"settings":{"pollSeconds":30'],
  ["zeros", "\0\0\0\0"],
  ["one setting that cannot be", '{"version":1,"settings":{"pollSeconds":1,"language":"ru"}}'],
])("puts a file with faults aside as it was: %s", async (_, text) => {
  await writeFile(path, text);
  const file = await open();
  expect(file.putAside).not.toBeNull();
  const names = await readdir(folder);
  const aside = names.filter((name) => name !== "settings.json");
  expect(aside).toHaveLength(1);
  expect(await readFile(join(folder, aside[0] ?? ""), "utf8")).toBe(text);
  // The next start finds a good one.
  expect((await open()).putAside).toBeNull();
  expect((await open()).value).toEqual(file.value);
});

it("with faults is still there when the process dies before it has written the new one", async () => {
  const text = '{"version":1,"settings":{"pollSeconds":1,"language":"ru"}}';
  await writeFile(path, text);
  // Of a process that may write no byte into a file: the first one ends it, or fails.
  const child = writer("sh", ["-c", 'ulimit -f 0; exec "$0" "$@"', process.execPath]);
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).not.toBe(0);
  expect(await readFile(path, "utf8")).toBe(text);
  expect((await open()).value.language).toBe("ru");
});

it("is whole whenever the process dies", async () => {
  const random = seededRandom(20_261_124);
  for (let round = 0; round < 5; round += 1) {
    const child = writer(process.execPath);
    if (child.stdout === null) throw new Error("it has no output");
    await once(child.stdout, "data");
    setTimeout(() => child.kill("SIGKILL"), random() * 150);
    await once(child, "exit");
    const { settings, faults } = readSettingsText(await readFile(path, "utf8"), DEFAULTS);
    expect(faults).toEqual([]);
    expect(settings.gameFolder).toHaveLength("/games/".length + settings.pollSeconds);
  }
});

/** A process that changes the settings again and again. */
function writer(program: string, words: readonly string[] = []): ChildProcess {
  return spawn(program, [...words, "--import", "tsx", "desktop/test/settings-writer-main.ts"], {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    env: { PATH: process.env.PATH, SETTINGS_PATH: path, TSX_DISABLE_CACHE: "1" },
    stdio: ["ignore", "pipe", "ignore"],
  });
}
