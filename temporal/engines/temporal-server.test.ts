import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Connection } from "@temporalio/client";
import { defineSearchAttributeKey } from "@temporalio/common";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchFixture } from "./launch-fixture.ts";
import { describeProcess } from "./running-process.ts";
import { ensureSearchAttributes } from "./search-attributes.ts";
import { findTemporal } from "./temporal-binary.ts";
import { startTemporal, type TemporalOptions, type TemporalServer, temporalAddressOn } from "./temporal-server.ts";

const halfAnHourMs = 1_800_000;
const namespace = "gold";
const searchAttributes = { Streamer: "Keyword", Amount: "Int" } as const;

let binary: string;
let folder: string;
let dbFile: string;
const started: TemporalServer[] = [];
const connections: Connection[] = [];

// The first time on a machine without Temporal it may have to be built.
beforeAll(async () => {
  binary = await findTemporal({ env: process.env, onProgress: (line) => process.stderr.write(`${line}\n`) });
}, halfAnHourMs);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm temporal-"));
  dbFile = join(folder, "state", "temporal.db");
});

afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await Promise.all(started.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(more: Partial<TemporalOptions> = {}): Promise<TemporalServer> {
  const log = () => undefined;
  const server = await startTemporal({ binary, uiPort: null, dbFile, searchAttributes, namespace, log, ...more });
  started.push(server);
  return server;
}

async function connectTo(address: string): Promise<Client> {
  const connection = await Connection.connect({ address });
  connections.push(connection);
  return new Client({ connection, namespace });
}

async function startWorkflow(client: Client, workflowId: string): Promise<void> {
  const typedSearchAttributes = [{ key: defineSearchAttributeKey("Amount", "INT"), value: 42 }];
  await client.workflow.start("nothing", { workflowId, taskQueue: "nobody", typedSearchAttributes });
}

async function statusOf(address: string, workflowId: string): Promise<string> {
  const description = await (await connectTo(address)).workflow.getHandle(workflowId).describe();
  return description.status.name;
}

test("in memory, with the Web UI: answers, and takes a workflow with its search attributes at once", async () => {
  const server = await start({ dbFile: null, uiPort: 0 });
  await startWorkflow(await connectTo(server.address), "first");
  expect(await statusOf(server.address, "first")).toBe("RUNNING");
  expect((await fetch(server.uiUrl ?? "")).status).toBe(200);
});

test("a second start goes on with the state and learns new search attributes", async () => {
  const first = await start();
  expect(first.uiUrl).toBeNull();
  await startWorkflow(await connectTo(first.address), "first");
  await first.stop();
  expect(await readdir(join(folder, "state"))).toEqual(["temporal.db"]);

  const second = await start({
    searchAttributes: { ...searchAttributes, Late: "Datetime", Sent: "Bool", Note: "Text" },
  });
  expect(await statusOf(second.address, "first")).toBe("RUNNING");
  const { connection } = await connectTo(second.address);
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  expect(customAttributes).toMatchObject({ Amount: 3, Late: 6, Note: 1, Sent: 5, Streamer: 2 });
});

test("two who register the same search attributes at once both succeed; another type is a conflict", async () => {
  const server = await start({ dbFile: null });
  const [one, two] = await Promise.all([connectTo(server.address), connectTo(server.address)]);
  const more = { Winner: "Keyword", Cycle: "Datetime" } as const;
  await Promise.all(
    [one, two].map((client) => ensureSearchAttributes(client.connection as Connection, namespace, more)),
  );
  const conflict = ensureSearchAttributes(one.connection as Connection, namespace, { Winner: "Int" });
  await expect(conflict).rejects.toMatchObject({ code: "search_attribute_conflict" });
});

test("what a killed launcher left running is stopped, its state stays", async () => {
  const launcher = launchFixture("temporal", { binary, dbFile, uiPort: null, searchAttributes, namespace });
  const left = await launcher.report;
  await startWorkflow(await connectTo(left.url), "first");
  await launcher.kill();
  const server = await start();
  expect(server.pid).not.toBe(left.pid);
  expect(await describeProcess(left.pid)).toBeNull();
  expect(await statusOf(server.address, "first")).toBe("RUNNING");
});

test("the server of a launcher that lives is left alone", async () => {
  const first = await start();
  await expect(start()).rejects.toMatchObject({ code: "already_running" });
  expect(await describeProcess(first.pid)).not.toBeNull();
  expect(await temporalAddressOn(dbFile)).toBe(first.address);
  await first.stop();
  expect(await temporalAddressOn(dbFile)).toBeNull();
});

test("a stale pid file that names an innocent process does no harm", async () => {
  const innocent = spawn(process.execPath, ["-e", "process.stdin.resume()", "start-dev"], { stdio: "pipe" });
  dbFile = join(folder, "temporal.db");
  await writeFile(`${dbFile}.pid`, `${innocent.pid}\n1\n7233\n`);
  expect(await temporalAddressOn(dbFile)).toBeNull();
  await start();
  expect(innocent.exitCode ?? innocent.signalCode).toBeNull();
  innocent.kill();
  await once(innocent, "exit");
});

test("a taken port is named, be it the server's or the Web UI's", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  await expect(start({ port })).rejects.toMatchObject({ code: "port_taken", port });
  await expect(start({ uiPort: port })).rejects.toMatchObject({ code: "port_taken", port });
  other.close();
  await once(other, "close");
  expect((await start({ port })).address).toBe(`127.0.0.1:${port}`);
});

test("a program that ends, and one that is not there", async () => {
  await expect(start({ binary: "/bin/false" })).rejects.toMatchObject({ code: "start_failed" });
  await expect(start({ binary: join(folder, "nothing") })).rejects.toMatchObject({ code: "start_failed" });
});
