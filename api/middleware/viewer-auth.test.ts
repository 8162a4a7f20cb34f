import { randomBytes } from "node:crypto";
import { type ExtensionJwtOptions, extensionJwt } from "@mgm/simulator/twitch/extension-jwt";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, startWorld, type World } from "../../temporal/test/world.ts";

let world: World;
/** Another process of the deployment, in the middle of a change of secrets. */
let rotatedUrl: string;
const older = randomBytes(32).toString("base64");
const newer = randomBytes(48).toString("base64");
beforeAll(async () => {
  world = await startWorld({ worker: false, settings: { LIMIT_READS: "100000" } });
  const rotated = await world.startApi({ TWITCH_EXTENSION_SECRETS: `${newer}, ${older}` });
  rotatedUrl = `http://127.0.0.1:${rotated.port}`;
});
afterAll(() => world.stop());

const secret = () => world.environment.TWITCH_EXTENSION_SECRETS ?? "";
const viewer = { role: "viewer", userId: "77" } as const;

async function ask(authorization: string, path = "/api/pool/me", url = world.apiUrl) {
  const response = await fetch(`${url}${path}`, { headers: { Authorization: authorization } });
  const body = (await response.json()) as { code?: string };
  return { status: response.status, code: body.code ?? null };
}

const token = (options: Partial<ExtensionJwtOptions> = {}, user: Parameters<typeof extensionJwt>[0] = viewer) =>
  extensionJwt(user, { secret: secret(), channelId: world.broadcasterId, ...options });
const UNAUTHORIZED = { status: 401, code: "unauthorized" };
const LET_IN = { status: 200, code: null };

describe("a token", () => {
  it.each<[string, Partial<ExtensionJwtOptions>]>([
    ["of a viewer", {}],
    ["that ended less than half a minute ago", { expiresInSeconds: -20 }],
    ["with claims that nobody asked for", { claims: { aud: "elsewhere", iss: "somebody", pubsub_perms: 5 } }],
  ])("%s is let in", async (_, options) => {
    expect(await ask(`Bearer ${await token(options)}`)).toEqual(LET_IN);
  });

  it("that is known already is refused when it has ended", async () => {
    const ending = await token({ expiresInSeconds: -24 });
    expect(await ask(`Bearer ${ending}`)).toEqual(LET_IN);
    expect(await ask(`Bearer ${ending}`)).toEqual(LET_IN);
    await eventually(async () => (await ask(`Bearer ${ending}`)).status === 401);
  });

  it.each<[string, Partial<ExtensionJwtOptions>]>([
    ["of another secret", { secret: randomBytes(32).toString("base64") }],
    ["signed with nothing", { algorithm: "none" }],
    ["signed with HS384", { algorithm: "HS384" }],
    ["signed with HS512", { algorithm: "HS512" }],
    ["that ended a minute ago", { expiresInSeconds: -60 }],
    ["without an end", { claims: { exp: undefined } }],
    ["with an end that is no number", { claims: { exp: "tomorrow" } }],
    ["of another channel", { channelId: "another" }],
    ["without a channel", { claims: { channel_id: undefined } }],
    ["of a list of channels", { claims: { channel_id: ["another"] } }],
    ["of a backend", { claims: { role: "external" } }],
    ["with a role that there is not", { claims: { role: "admin" } }],
    ["with a list of roles", { claims: { role: ["broadcaster"] } }],
    ["without a role", { claims: { role: undefined } }],
    ["of nobody", { claims: { user_id: undefined, opaque_user_id: undefined } }],
    ["of somebody with too long an id", { claims: { user_id: "7".repeat(65), opaque_user_id: "" } }],
  ])("%s is refused", async (_, options) => {
    expect(await ask(`Bearer ${await token(options)}`)).toEqual(UNAUTHORIZED);
  });

  it.each([
    ["in another scheme", (good: string) => `Basic ${good}`],
    ["without a scheme", (good: string) => good],
    ["cut off", (good: string) => `Bearer ${good.slice(0, -3)}`],
    ["with other claims under the same signature", (good: string) => `Bearer ${withRole(good, "broadcaster")}`],
    ["that is nothing", () => "Bearer "],
    ["that is nonsense", () => "Bearer a.b.c"],
    ["that is huge", (good: string) => `Bearer ${good}${"A".repeat(8_000)}`],
  ])("%s is refused", async (_, write) => {
    expect(await ask(write(await token()))).toEqual(UNAUTHORIZED);
  });

  it("whose header names another algorithm is refused, although the secret fits", async () => {
    const [, payload = "", signature = ""] = (await token()).split(".");
    const header = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
    expect(await ask(`Bearer ${header}.${payload}.${signature}`)).toEqual(UNAUTHORIZED);
    expect(await ask(`Bearer ${header}.${payload}.`)).toEqual(UNAUTHORIZED);
  });

  it("signed with the secret's text in place of its bytes is refused", async () => {
    const claims = { channel_id: world.broadcasterId, role: "viewer", user_id: "77" };
    const signed = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime("1h")
      .sign(Buffer.from(secret()));
    expect(await ask(`Bearer ${signed}`)).toEqual(UNAUTHORIZED);
  });

  it.each([
    ["viewer", viewer, "/api/broadcaster/dashboard", 403],
    ["moderator", { role: "moderator", userId: "77" }, "/api/broadcaster/dashboard", 200],
    ["broadcaster", { role: "broadcaster" }, "/api/broadcaster/dashboard", 200],
    ["broadcaster", { role: "broadcaster" }, "/api/pool/me", 200],
  ] as const)("of a %s opens what its role may open", async (_, user, path, status) => {
    expect((await ask(`Bearer ${await token({}, user)}`, path)).status).toBe(status);
  });
});

describe("a change of secrets", () => {
  it("lets tokens of each in, and none of one that was taken out", async () => {
    for (const known of [older, newer]) {
      expect(await ask(`Bearer ${await token({ secret: known })}`, "/api/pool/me", rotatedUrl)).toEqual(LET_IN);
      expect(await ask(`Bearer ${await token({ secret: known })}`)).toEqual(UNAUTHORIZED);
    }
    expect(await ask(`Bearer ${await token()}`, "/api/pool/me", rotatedUrl)).toEqual(UNAUTHORIZED);
  });
});

function withRole(good: string, role: string): string {
  const [header = "", payload = "", signature = ""] = good.split(".");
  const claims = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), role };
  return [header, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
}
