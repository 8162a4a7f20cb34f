import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launchFixture } from "./launch-fixture.ts";
import { findTemporal, type TemporalSearch } from "./temporal-binary.ts";

// Programs that do what `temporal` and `go` would do as far as the search can tell: the real build takes minutes.
const works = "exit 0";
const fails = "exit 1";
const builds = `printf '#!/bin/sh\\nexit 0\\n' > "$GOBIN/temporal"; /bin/chmod +x "$GOBIN/temporal"`;
// No download, whether or not this machine has a network.
const noNetwork = { HTTPS_PROXY: "http://127.0.0.1:9", https_proxy: "http://127.0.0.1:9" };

let folder: string;
let cacheDir: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-binary-"));
  cacheDir = join(folder, "cache");
  path = join(folder, "bin");
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function program(where: string, name: string, body: string): Promise<string> {
  await mkdir(where, { recursive: true });
  const file = join(where, name);
  await writeFile(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
}

async function pipe(name: string): Promise<string> {
  const file = join(folder, name);
  await promisify(execFile)("mkfifo", [file]);
  return file;
}

function search(more: Partial<TemporalSearch> = {}, env: Record<string, string> = {}): Promise<string> {
  return findTemporal({ cacheDir, env: { PATH: path, ...noNetwork, ...env }, onProgress: () => undefined, ...more });
}

test("named by the operator, on the PATH, cached, built: in this order", async () => {
  await program(path, "go", builds);
  const cached = join(cacheDir, "temporal");
  expect(await search()).toBe(cached);
  expect(await readdir(cacheDir)).toEqual(["temporal"]);

  await program(path, "go", fails);
  expect(await search()).toBe(cached);

  const installed = await program(path, "temporal", works);
  expect(await search()).toBe(installed);

  const named = await program(folder, "my-temporal", works);
  expect(await search({}, { TEMPORAL_CLI: named })).toBe(named);
});

test("the cache is where XDG_CACHE_HOME says", async () => {
  const cached = await program(join(folder, "xdg", "mimirons-gold-o-matic"), "temporal", works);
  const env = { PATH: path, ...noNetwork, XDG_CACHE_HOME: join(folder, "xdg") };
  expect(await findTemporal({ env, onProgress: () => undefined })).toBe(cached);
});

test("a program of that name that does not work is passed over, unless the operator named it", async () => {
  const broken = await program(path, "temporal", fails);
  await program(cacheDir, "temporal", fails);
  await program(path, "go", builds);
  expect(await search()).toBe(join(cacheDir, "temporal"));
  await expect(search({}, { TEMPORAL_CLI: broken })).rejects.toMatchObject({ code: "temporal_cli_unusable" });
});

test("nothing there, no network, no Go", async () => {
  await expect(search()).rejects.toMatchObject({ code: "temporal_not_found" });
  expect(await readdir(cacheDir)).toEqual([]);
});

test("a build that fails leaves nothing behind", async () => {
  await program(path, "go", `printf half > "$GOBIN/temporal"; exit 1`);
  await expect(search()).rejects.toMatchObject({ code: "temporal_build_failed" });
  expect(await readdir(cacheDir)).toEqual([]);
});

test("a build that takes long reports again and again", async () => {
  const goOn = await pipe("go-on");
  await program(path, "go", `read line < ${goOn}; ${builds}`);
  const lines: string[] = [];
  const found = search({
    progressIntervalMs: 10,
    onProgress: (line) => {
      lines.push(line);
      // The build waits for this, so it can be ended by the reports only.
      if (lines.filter((earlier) => earlier.includes("Go")).length === 3) void writeFile(goOn, "\n");
    },
  });
  expect(await found).toBe(join(cacheDir, "temporal"));
  expect(lines.length).toBeGreaterThan(3);
});

test("two who need it at the same time build it once", async () => {
  const builders = join(folder, "builders");
  await program(path, "go", `echo one >> ${builders}; ${builds}`);
  const cached = join(cacheDir, "temporal");
  expect(await Promise.all([search(), search(), search()])).toEqual([cached, cached, cached]);
  expect(await readFile(builders, "utf8")).toBe("one\n");
});

test("a builder that was killed is in nobody's way, and its half is not taken for the whole", async () => {
  const [begun, goOn] = [await pipe("begun"), await pipe("go-on")];
  await program(path, "go", `printf half > "$GOBIN/temporal"; echo > ${begun}; read line < ${goOn}`);
  const killed = launchFixture("binary", { cacheDir, env: { PATH: path, ...noNetwork } });
  await readFile(begun);
  await killed.kill();
  expect((await readdir(cacheDir)).sort()).toEqual([expect.stringContaining("temporal.half-"), "temporal.lock"]);

  await program(path, "go", builds);
  expect(await search()).toBe(join(cacheDir, "temporal"));
  expect(await readdir(cacheDir)).toEqual(["temporal"]);
  // Lets the orphaned build end.
  await writeFile(goOn, "\n");
});
