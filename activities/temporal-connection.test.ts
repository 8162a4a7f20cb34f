import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { freePorts } from "../temporal/engines/free-port.ts";

it("is closed without a word while a call to an absent server waits to be tried again", async () => {
  const [port] = await freePorts(1);
  const script = fileURLToPath(new URL("close-early-fixture.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, `127.0.0.1:${port}`], { stdio: "ignore" });
  expect(await once(child, "exit")).toEqual([0, null]);
});
