import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/* The fences of biome.json, tried on planted imports in a folder outside the repository. */

const root = fileURLToPath(new URL("..", import.meta.url));

const FORBIDDEN: [file: string, imported: string][] = [
  ["domain/planted.ts", "@mgm/activities/contract"],
  ["domain/planted.ts", "node:fs/promises"],
  ["domain/planted.ts", "../api/app.ts"],
  ["domain/deep/planted.ts", "../../activities/index.ts"],
  ["workflows/planted.ts", "node:timers/promises"],
  ["workflows/planted.ts", "@temporalio/worker/lib/worker"],
  ["workflows/spin/planted.ts", "../../activities/db/database.ts"],
  ["activities/planted.ts", "../api/app.ts"],
  ["activities/planted.ts", "@mgm/workflows/payout/workflow"],
  ["api/planted.ts", "pg/lib/client"],
  ["api/routes/planted.ts", "../../temporal/worker.ts"],
  ["simulator/planted.ts", "../api/app.ts"],
  ["desktop/bridge/planted.ts", "@mgm/activities/db/database"],
  ["desktop/bridge/planted.ts", "@mgm/api/errors"],
  ["desktop/bridge/planted.ts", "@temporalio/client"],
  ["extension/src/planted.ts", "@mgm/api/errors"],
  ["extension/src/view/planted.ts", "@mgm/simulator/twitch/viewers"],
  ["simulator/planted.ts", "@temporalio/client"],
  ["domain/planted.ts", "node:fs"],
  ["domain/deep/planted.ts", "node:crypto"],
  ["domain/planted.ts", "@temporalio/workflow"],
  ["domain/planted.ts", "pg"],
  ["domain/planted.ts", "zod"],
  ["workflows/planted.ts", "pg"],
  ["workflows/planted.ts", "node:crypto"],
  ["workflows/planted.ts", "@temporalio/client"],
  ["workflows/spin/planted.ts", "@mgm/activities/db/database"],
  ["workflows/planted.ts", "@mgm/activities/draw"],
  ["workflows/planted.ts", "@mgm/api/app"],
  ["workflows/planted.ts", "@mgm/temporal/worker"],
  ["activities/planted.ts", "koa"],
  ["activities/planted.ts", "@koa/router"],
  ["activities/db/planted.ts", "@mgm/api/errors"],
  ["activities/planted.ts", "@mgm/temporal/worker"],
  ["activities/planted.ts", "@temporalio/workflow"],
  ["api/planted.ts", "pg"],
  ["api/routes/planted.ts", "@mgm/temporal/worker"],
  ["api/planted.ts", "@temporalio/worker"],
  ["api/planted.ts", "@mgm/simulator/story"],
  ["api/planted.ts", "@mgm/activities/twitch/helix"],
  ["api/planted.ts", "@mgm/workflows/payout/workflow"],
  ["simulator/planted.ts", "@mgm/api/app"],
  ["simulator/game/planted.ts", "@mgm/activities/db/database"],
  ["simulator/planted.ts", "@mgm/workflows/ids"],
  ["simulator/planted.ts", "@mgm/temporal/worker"],
  ["bench/chaos/checker/planted.ts", "@mgm/domain/draw"],
  ["bench/chaos/checker/planted.ts", "@mgm/workflows/ids"],
  ["bench/chaos/checker/planted.ts", "../../../activities/db/database.ts"],
  ["bench/chaos/checker/planted.ts", "../../../desktop/wire/state.ts"],
];

const ALLOWED: [file: string, imported: string][] = [
  ["domain/planted.ts", "./payout.ts"],
  ["domain/planted.test.ts", "node:fs"],
  ["workflows/planted.ts", "@mgm/domain/payout"],
  ["workflows/planted.ts", "@mgm/activities/contract"],
  ["workflows/planted.ts", "@temporalio/workflow"],
  ["activities/planted.ts", "pg"],
  ["activities/planted.ts", "node:crypto"],
  ["activities/planted.ts", "@mgm/domain/draw"],
  ["activities/planted.ts", "@mgm/workflows/payout/messages"],
  ["api/planted.ts", "koa"],
  ["api/planted.ts", "@mgm/activities/db/database"],
  ["api/planted.ts", "@mgm/activities/db/payout/payout-row"],
  ["api/planted.ts", "@mgm/workflows/ids"],
  ["api/planted.ts", "@mgm/workflows/payout/messages"],
  ["api/server.ts", "@mgm/activities/twitch/helix"],
  ["simulator/planted.ts", "@mgm/domain/chat-line"],
  ["simulator/planted.ts", "node:http"],
  ["desktop/bridge/planted.ts", "@mgm/domain/chat-line"],
  ["desktop/bridge/planted.ts", "node:fs"],
  ["bench/chaos/checker/planted.ts", "@temporalio/client"],
  ["bench/chaos/checker/planted.ts", "pg"],
];

interface Report {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

/** Plants one file per import and lints them all at once. */
function lint(folder: string, plants: readonly [file: string, imported: string][]): Set<string> {
  copyFileSync(join(root, "biome.json"), join(folder, "biome.json"));
  for (const [file, imported] of plants) {
    const planted = join(folder, place(file, imported));
    mkdirSync(dirname(planted), { recursive: true });
    writeFileSync(planted, `import planted from "${imported}";\n\nexport default planted;\n`);
  }
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const options = ["--vcs-enabled=false", "--max-diagnostics=none", "--reporter=json"];
  const run = spawnSync(process.execPath, [biome, "lint", ...options, "."], { cwd: folder, encoding: "utf8" });
  const report = JSON.parse(run.stdout) as Report;
  return new Set(
    report.diagnostics
      .filter(({ category }) => category === "lint/style/noRestrictedImports")
      .map(({ location }) => location.path.replaceAll("\\", "/")),
  );
}

/** `api/planted.ts` and `@mgm/app` make `api/-mgm-app/planted.ts`; a file that a fence calls by its name stays put. */
function place(file: string, imported: string): string {
  if (!file.includes("planted")) return file;
  return file.replace("planted", `${imported.replace(/[^a-z]+/g, "-")}/planted`);
}

describe("the import fences", () => {
  const folder = mkdtempSync(join(tmpdir(), "mgm-fences-"));
  let fenced = new Set<string>();

  beforeAll(() => {
    fenced = lint(folder, [...FORBIDDEN, ...ALLOWED]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(FORBIDDEN)("keep %s from importing %s", (file, imported) => {
    expect(fenced).toContain(place(file, imported));
  });

  it.each(ALLOWED)("let %s import %s", (file, imported) => {
    expect(fenced).not.toContain(place(file, imported));
  });
});
