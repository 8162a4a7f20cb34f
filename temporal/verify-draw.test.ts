import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPage } from "../docs/make/page.ts";
import { startWorld, type World } from "./test/world.ts";

/* The command as people run it, and the program of the page about the draw that shares nothing with it. */

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const MAIN = fileURLToPath(new URL("verify-draw-main.ts", import.meta.url));

let world: World;
let folder: string;
let file: string;
let older: string;
let drawn: { spinCycleId: string; candidate: string | null };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-draw-"));
  file = join(folder, "draw.json");
  world = await startWorld();
  for (const [at, name] of ["Norinn", "Норинн", "Ёжик", "Élise", "Zugzug"].entries()) {
    await world.say({ id: `v${at}`, displayName: `V${at}` }, `!twgold ${name}`);
  }
  older = (await world.spin(1)).spinCycleId;
  drawn = await world.spin(2);
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(program: readonly string[]): Promise<{ status: number; told: string }> {
  const child = spawn(process.execPath, program, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: world.databaseUrl },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let told = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (told += chunk.toString()));
  const [status] = await once(child, "close");
  return { status, told };
}
const verify = (...args: string[]) => run(["--import", LOADER, MAIN, ...args]);

describe.sequential("a draw computed again", () => {
  it("is the newest one, which is saved without anybody's Twitch id", async () => {
    const { status, told } = await verify("--save", file);
    expect({ status, told }).toMatchObject({ status: 0, told: expect.stringContaining(drawn.spinCycleId) });
    const saved = JSON.parse(await readFile(file, "utf8"));
    expect(saved).toMatchObject({ candidate: drawn.candidate, algorithm: "mgm-draw-1" });
    expect(Object.keys(saved).filter((key) => /user/i.test(key))).toEqual([]);
  });

  it("is an older one by its id", async () => {
    const { status, told } = await verify(older);
    expect({ status, told }).toMatchObject({ status: 0, told: expect.stringContaining(older) });
  });

  it("is a published one, which nobody may have mended", async () => {
    expect((await verify(file)).status).toBe(0);
    const saved = JSON.parse(await readFile(file, "utf8"));
    const mended = join(folder, "mended.json");
    await writeFile(mended, JSON.stringify({ ...saved, candidate: "Kumpel" }));
    expect(await verify(mended)).toMatchObject({ status: 1, told: expect.stringContaining("candidate_differs") });
  });

  it("is neither of an unknown spin nor of another file", async () => {
    expect((await verify("00000000-0000-4000-8000-000000000000")).status).toBe(2);
    expect((await verify(MAIN)).status).toBe(2);
    expect((await verify(join(folder, "nothing.json"))).status).toBe(2);
  });

  it("comes out the same by the program that the documentation shows", async () => {
    const shown = readPage("docs/explanation/the-draw.md").blocks.find(({ language }) => language === "js");
    const recompute = join(folder, "recompute.mjs");
    await writeFile(recompute, shown?.text ?? "");
    const { status, told } = await run([recompute, file]);
    expect({ status, told: told.trim() }).toEqual({ status: 0, told: drawn.candidate });
  });
});
