import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startTwitchSimulator } from "@mgm/simulator/twitch/server";
import { SEARCH_ATTRIBUTES } from "@mgm/workflows/search-attributes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts } from "../engines/free-port.ts";
import { startTemporalCluster, type TemporalCluster } from "../engines/temporal-cluster.ts";
import { cloneDatabase, engines } from "../test/engines.ts";
import { startProcess } from "../test/process.ts";
import { type CertificateFiles, makeAuthority, makeCertificate } from "./test/certificates.ts";
import { type KeyIssuer, startKeyIssuer } from "./test/key-issuer.ts";
import { pathAndHome, serverPrograms } from "./test/programs.ts";
import { playToSent } from "./test/story.ts";

/* A Temporal that is somewhere else: certificates and keys, against servers that really ask for them. */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NAMESPACE = "mgm";
const silent = (): void => undefined;
// With it the server's own workers come in by another door than clients.
const INTERNAL_FRONTEND = {
  USE_INTERNAL_FRONTEND: "true",
  TEMPORAL_SERVICES: "frontend,internal-frontend,history,matching,worker",
};

let folder: string;
let authority: CertificateFiles;
let strangers: CertificateFiles;
let server: CertificateFiles;
let client: CertificateFiles;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-remote-"));
  [authority, strangers] = await Promise.all([makeAuthority(folder, "ca"), makeAuthority(folder, "strangers")]);
  server = await makeCertificate(folder, "server", authority);
  client = await makeCertificate(folder, "client", authority);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function startCluster(
  name: string,
  settings: Record<string, string>,
  connection: Parameters<typeof startTemporalCluster>[0]["connection"] & object,
): Promise<TemporalCluster> {
  return await startTemporalCluster({
    programs: await serverPrograms(),
    adminUrl: engines().postgresUrl,
    name,
    folder,
    settings: {
      ...INTERNAL_FRONTEND,
      TEMPORAL_TLS_FRONTEND_CERT: server.cert,
      TEMPORAL_TLS_FRONTEND_KEY: server.key,
      ...settings,
    },
    connection,
    namespace: "default",
    searchAttributes: SEARCH_ATTRIBUTES,
    log: silent,
  });
}

/** Runs `npm run temporal-setup` with these settings; its status and the code that it tells. */
function setUp(settings: Record<string, string>): Promise<{ status: number; code: string | null }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--import", "tsx", "temporal/setup/namespace-main.ts"],
      { cwd: ROOT, env: { ...pathAndHome(), TEMPORAL_NAMESPACE: NAMESPACE, ...settings } },
      (_error, _stdout, stderr) =>
        resolve({ status: child.exitCode ?? -1, code: /\btemporal_[a-z_]+/.exec(stderr)?.[0] ?? null }),
    );
  });
}

/** Runs API and worker as processes with these settings, through a whole payout. */
async function playOn(settings: Record<string, string>): Promise<void> {
  const database = await cloneDatabase();
  const [port = 0] = await freePorts(1);
  const broadcasterId = `b${randomBytes(6).toString("hex")}`;
  const extensionSecret = randomBytes(32).toString("base64");
  const eventSubSecret = randomBytes(16).toString("hex");
  const desktopKey = randomBytes(16).toString("hex");
  const twitch = await startTwitchSimulator({ broadcasterId, botUserId: "bot", eventSubSecret, extensionSecret });
  const environment = {
    NODE_ENV: "test",
    PORT: String(port),
    METRICS_PORT: "0",
    DATABASE_URL: database.url,
    TEMPORAL_NAMESPACE: NAMESPACE,
    WORKFLOW_BUNDLE: engines().bundleFile,
    TWITCH_BROADCASTER_ID: broadcasterId,
    TWITCH_HELIX_URL: twitch.helixUrl,
    TWITCH_AUTH_URL: twitch.authUrl,
    TWITCH_EVENTSUB_SECRET: eventSubSecret,
    TWITCH_EXTENSION_SECRETS: extensionSecret,
    DESKTOP_API_KEYS: desktopKey,
    TIMINGS: JSON.stringify({ intervalMs: 8_000, wheelMs: 500, graceMs: 3_000, slackMs: 500, resultMs: 1_000 }),
    ...settings,
  };
  const processes = ["api/main.ts", "temporal/worker-main.ts"].map((script) => startProcess(script, environment));
  try {
    const apiUrl = `http://127.0.0.1:${port}`;
    const chat = {
      say: (line: Parameters<ReturnType<typeof twitch.events>["say"]>[0]) =>
        twitch
          .events(`${apiUrl}/api/twitch/eventsub`)
          .say(line)
          // It has not begun to listen.
          .catch(() => ({ status: 0 })),
    };
    await playToSent({ apiUrl, desktopKey, chat });
  } finally {
    await Promise.all(processes.map((one) => one.kill("SIGTERM")));
    await twitch.stop();
    await database.drop();
  }
}

describe("a server that asks for certificates", () => {
  let cluster: TemporalCluster;
  let settings: Record<string, string>;
  beforeAll(async () => {
    const asked = {
      TEMPORAL_TLS_REQUIRE_CLIENT_AUTH: "true",
      TEMPORAL_TLS_CLIENT1_CA_CERT: authority.cert,
      TEMPORAL_TLS_CLIENT2_CA_CERT: authority.cert,
    };
    const [ca, crt, key] = await Promise.all([authority.cert, client.cert, client.key].map((file) => readFile(file)));
    cluster = await startCluster("certain", asked, {
      tls: {
        serverRootCACertificate: ca ?? Buffer.of(),
        clientCertPair: { crt: crt ?? Buffer.of(), key: key ?? Buffer.of() },
      },
    });
    settings = {
      TEMPORAL_ADDRESS: cluster.address,
      TEMPORAL_TLS_SERVER_CA_FILE: authority.cert,
      TEMPORAL_TLS_CLIENT_CERT_FILE: client.cert,
      TEMPORAL_TLS_CLIENT_KEY_FILE: client.key,
    };
  }, 300_000);
  afterAll(() => cluster?.stop());

  it("lets us in by a certificate that it trusts, by address or by another name", async () => {
    expect(await setUp(settings)).toEqual({ status: 0, code: null });
    expect(await setUp({ ...settings, TEMPORAL_TLS_SERVER_NAME: "temporal.test" })).toEqual({ status: 0, code: null });
  }, 120_000);

  it("is not believed with a certificate of somebody whom we do not trust, or of another name", async () => {
    const refused = { status: 1, code: "temporal_server_certificate_refused" };
    expect(await setUp({ ...settings, TEMPORAL_TLS_SERVER_CA_FILE: strangers.cert })).toEqual(refused);
    expect(await setUp({ ...settings, TEMPORAL_TLS_SERVER_NAME: "elsewhere.test" })).toEqual(refused);
  }, 120_000);

  it("does not let us in without a certificate, or with a stranger's", async () => {
    const refused = { status: 1, code: "temporal_client_certificate_refused" };
    const { TEMPORAL_TLS_CLIENT_CERT_FILE, TEMPORAL_TLS_CLIENT_KEY_FILE, ...bare } = settings;
    expect(await setUp(bare)).toEqual(refused);
    const stranger = await makeCertificate(folder, "stranger", strangers);
    const theirs = { TEMPORAL_TLS_CLIENT_CERT_FILE: stranger.cert, TEMPORAL_TLS_CLIENT_KEY_FILE: stranger.key };
    expect(await setUp({ ...settings, ...theirs })).toEqual(refused);
  }, 120_000);

  it("is not spoken to without TLS", async () => {
    expect(await setUp({ TEMPORAL_ADDRESS: cluster.address })).toEqual({ status: 1, code: "temporal_expects_tls" });
  }, 120_000);

  it("serves API and worker through a whole payout", () => playOn(settings), 300_000);
});

describe("a server that asks for a key", () => {
  let cluster: TemporalCluster;
  let issuer: KeyIssuer;
  let settings: Record<string, string>;
  beforeAll(async () => {
    issuer = await startKeyIssuer();
    const asked = {
      TEMPORAL_AUTH_AUTHORIZER: "default",
      TEMPORAL_AUTH_CLAIM_MAPPER: "default",
      TEMPORAL_JWT_KEY_SOURCE1: issuer.url,
    };
    const ca = await readFile(authority.cert);
    const apiKey = issuer.issue(["temporal-system:admin"]);
    cluster = await startCluster("keyed", asked, { tls: { serverRootCACertificate: ca }, apiKey });
    settings = { TEMPORAL_ADDRESS: cluster.address, TEMPORAL_TLS_SERVER_CA_FILE: authority.cert };
    expect(await setUp({ ...settings, TEMPORAL_API_KEY: apiKey })).toEqual({ status: 0, code: null });
  }, 300_000);
  afterAll(async () => {
    await cluster?.stop();
    await issuer?.stop();
  });

  it("refuses one that somebody else has issued, one for another namespace, and none", async () => {
    const refused = { status: 1, code: "temporal_key_refused" };
    const another = await startKeyIssuer();
    const forged = another.issue([`${NAMESPACE}:admin`]);
    await another.stop();
    for (const key of [forged, issuer.issue(["elsewhere:admin"])]) {
      expect(await setUp({ ...settings, TEMPORAL_API_KEY: key })).toEqual(refused);
    }
    expect(await setUp(settings)).toEqual(refused);
  }, 120_000);

  it("serves API and worker with a key for their namespace, read from a file, through a whole payout", async () => {
    const file = join(folder, "api-key");
    await writeFile(file, `${issuer.issue([`${NAMESPACE}:write`, `${NAMESPACE}:worker`])}\n`);
    await playOn({ ...settings, TEMPORAL_API_KEY_FILE: file });
  }, 300_000);
});
