import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keepSecrets, secretsFileOf } from "./secrets.ts";
import { StartError } from "./start-error.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "mgm-secrets-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

it("makes secrets once, for the owner's eyes only", () => {
  const made = keepSecrets(dataDir);
  expect(keepSecrets(dataDir)).toEqual(made);
  expect(new Set(Object.values(made)).size).toBe(4);
  expect(statSync(secretsFileOf(dataDir)).mode & 0o777).toBe(0o600);
});

it.each(["", "{}", '{"desktopApiKey":"short"}'])("never replaces a file that it cannot use: %s", (content) => {
  writeFileSync(secretsFileOf(dataDir), content);
  expect(() => keepSecrets(dataDir)).toThrow(StartError);
});
