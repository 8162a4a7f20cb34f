import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDesktop, TestScreen } from "../test/running-desktop.ts";
import { filesOf } from "./settings/data-folder.ts";
import { runningAddress } from "./start-desktop.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-start-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("a desktop that serves no address leaves none that a killed one served", async () => {
  const dataFolder = join(folder, "data");
  await mkdir(dataFolder);
  await writeFile(filesOf(dataFolder).address, "http://127.0.0.1:47110/#token=dead\n");
  const desktop = await openDesktop({ dataFolder, screen: new TestScreen(null) });
  expect(await runningAddress(dataFolder)).toBeNull();
  await desktop.stop();
});
