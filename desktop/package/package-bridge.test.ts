import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { buildWindow } from "../test/window-browser.ts";
import { packageBridge } from "./package-bridge.ts";
import { isHere, TARGETS } from "./targets.ts";

/* The bridge as one program, made for this machine and run on it, far from the sources. */

const here = TARGETS.find(isHere);
let folder: string;
let program: string;
let windowFolder: string;
beforeAll(async () => {
  if (here === undefined) throw new Error(`nothing is packaged for ${process.platform}-${process.arch}`);
  folder = await mkdtemp(join(tmpdir(), "mgm-package-"));
  windowFolder = await buildWindow();
  program = await packageBridge({
    target: here,
    version: "7.8.9",
    windowFolder,
    cache: join(folder, "no-cache"),
    ownModules: join(import.meta.dirname, "../../node_modules"),
    folder: join(folder, "bridge"),
    workFolder: join(folder, "work"),
  });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(windowFolder, { recursive: true });
});

describe("the packaged bridge", () => {
  it("knows its version", async () => {
    expect((await promisify(execFile)(program, ["--version"], { cwd: folder })).stdout).toBe("7.8.9\n");
  });

  it("holds native libraries of its own system only", async () => {
    const built = await readdir(join(folder, "bridge/node_modules/classic-level/prebuilds"));
    expect(built).toEqual([here?.name]);
  });

  it("serves its window and answers it, and ends when it is told to", async () => {
    const child = spawn(program, ["--serve", "--no-open", "--port", "0", "--data-dir", join(folder, "data")], {
      cwd: folder,
      env: {},
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const url = new URL(line);
    expect(await (await fetch(url)).text()).toContain("Mimiron's Gold-o-Matic");
    const token = url.hash.replace("#token=", "");
    const socket = new WebSocket(`ws://${url.host}/ws`, `mgm.${token}`, { origin: url.origin });
    const [frame] = await once(socket, "message");
    const { type, state } = JSON.parse(frame.toString());
    expect([type, state.desktopVersion, state.setup.isComplete]).toEqual(["state", "7.8.9", false]);
    socket.close();
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
