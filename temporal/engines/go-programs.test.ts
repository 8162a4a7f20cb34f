import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findGoPrograms } from "./go-programs.ts";

// A program that does what `go` would do as far as the search can tell: the real build takes minutes.
const builds = `echo "$3" >> "$LOG"; printf x > "$GOBIN/server"`;
const WANTED = {
  title: "a server",
  folder: "a-server-v1",
  programs: { first: "example.org/cmd/server@v1", second: "example.org/other/server@v1" },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-go-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function withGo(body: string): Promise<void> {
  await mkdir(join(folder, "bin"), { recursive: true });
  await writeFile(join(folder, "bin/go"), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

const find = () =>
  findGoPrograms(WANTED, {
    cacheDir: join(folder, "cache"),
    env: { PATH: join(folder, "bin"), LOG: join(folder, "log") },
    onProgress: () => undefined,
  });

test("several who need them build them once, under their own names", async () => {
  await withGo(builds);
  const found = await Promise.all([find(), find(), find()]);
  expect(new Set(found)).toEqual(new Set([join(folder, "cache/a-server-v1")]));
  expect(await find()).toBe(found[0]);
  expect((await readdir(join(folder, "cache/a-server-v1"))).toSorted()).toEqual(["first", "second"]);
  expect(await readFile(join(folder, "log"), "utf8")).toBe(`${Object.values(WANTED.programs).join("\n")}\n`);
  expect(await readdir(join(folder, "cache"))).toEqual(["a-server-v1"]);
});

test("a build that fails in the middle leaves nothing that could be taken for the whole", async () => {
  await withGo(`case "$3" in *other*) exit 1;; esac; ${builds}`);
  await expect(find()).rejects.toMatchObject({ code: "go_build_failed" });
  expect(await readdir(join(folder, "cache"))).toEqual([]);
});

test("without Go it is said what is needed", async () => {
  await expect(find()).rejects.toMatchObject({ code: "go_not_found" });
});
