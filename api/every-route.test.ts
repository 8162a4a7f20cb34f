import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../temporal/test/world.ts";
import { ROUTES } from "./routes/index.ts";
import type { RouteSpec } from "./routing/route.ts";
import { idPath } from "./schemas/texts.ts";

/* What every route owes to everybody, read from its declaration: a new route is tested here without a word. */

let world: World;
/** Another process of the deployment that nobody may ask more than once a minute. */
let narrowUrl: string;
beforeAll(async () => {
  const noLimit = { LIMIT_READS: "100000", LIMIT_WRITES: "100000", LIMIT_MODERATOR: "100000" };
  world = await startWorld({ worker: false, settings: noLimit });
  const one = { LIMIT_READS: "1", LIMIT_WRITES: "1", LIMIT_MODERATOR: "1", LIMIT_DESKTOP: "1" };
  narrowUrl = `http://127.0.0.1:${(await world.startApi(one)).port}`;
});
afterAll(() => world.stop());

const specs = ROUTES.map(({ spec }) => spec);
const named = (wanted: (spec: RouteSpec) => boolean) => specs.filter(wanted).map((spec) => [spec.name, spec] as const);
const ID = "00000000-0000-4000-8000-00000000dead";

interface Ask {
  readonly credential?: Record<string, string>;
  readonly method?: string;
  readonly id?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  readonly url?: string;
}

async function ask(spec: RouteSpec, { credential = {}, method, id = ID, body, type, url = world.apiUrl }: Ask) {
  const response = await fetch(`${url}${spec.path.replace(/\{\w+\}/g, id)}`, {
    method: method ?? spec.method,
    headers: { ...credential, ...(type === undefined ? {} : { "Content-Type": type }) },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isJson = text !== "" && response.headers.get("Content-Type")?.startsWith("application/json");
  return { status: response.status, headers: response.headers, code: isJson ? JSON.parse(text).code : undefined, text };
}

/** Somebody new whom the route lets in; desktops have one key only. */
async function goodCredential(spec: RouteSpec): Promise<Record<string, string>> {
  if (spec.who === "desktop") return { "X-MGM-ApiKey": world.environment.DESKTOP_API_KEYS ?? "" };
  if (spec.who === "anyone" || spec.who === "twitch") return {};
  const user = { role: spec.who === "viewer" ? "viewer" : "broadcaster", user_id: `u-${randomUUID()}` };
  return { Authorization: `Bearer ${await world.token({ role: "broadcaster" }, user)}` };
}

const JSON_TYPE = "application/json";
const isGuarded = (spec: RouteSpec) => spec.who !== "anyone" && spec.who !== "twitch";
const takesBody = (spec: RouteSpec) => spec.body !== undefined;

describe("every guarded route", () => {
  it.each(named(isGuarded))(
    "%s refuses whoever has no credential or a wrong one, whatever else is wrong",
    async (_, spec) => {
      const expected = spec.who === "desktop" ? [403, "forbidden_apikey"] : [401, "unauthorized"];
      const wrong = { "X-MGM-ApiKey": "wrong", Authorization: "Bearer a.b.c" };
      for (const credential of [{}, wrong]) {
        const answer = await ask(spec, {
          credential,
          id: "no-id",
          ...(spec.method === "GET" ? {} : { body: "{", type: "text/plain" }),
        });
        expect([answer.status, answer.code]).toEqual(expected);
      }
    },
  );

  it.each(named((spec) => spec.who === "moderator" || spec.who === "broadcaster"))(
    "%s is not for viewers",
    async (_, spec) => {
      const token = await world.token({ role: "viewer", userId: "77" });
      const answer = await ask(spec, { credential: { Authorization: `Bearer ${token}` } });
      expect([answer.status, answer.code]).toEqual([403, "forbidden"]);
    },
  );

  it.each(named((spec) => spec.needsIdentity === true))("%s is not for those who stay unknown", async (_, spec) => {
    const token = await world.token({ role: "viewer", unlinked: "somebody" });
    const answer = await ask(spec, { credential: { Authorization: `Bearer ${token}` } });
    expect([answer.status, answer.code]).toEqual([403, "forbidden"]);
  });

  it.each(named((spec) => spec.who === "desktop"))("%s refuses a desktop whose name has no form", async (_, spec) => {
    const credential = { ...(await goodCredential(spec)), "X-MGM-Desktop": "my desktop" };
    const answer = await ask(spec, { credential, ...(takesBody(spec) ? { body: "{}", type: JSON_TYPE } : {}) });
    expect([answer.status, answer.code]).toEqual([400, "invalid_payload"]);
  });
});

describe("every counted route", () => {
  it.each(named((spec) => spec.isUncounted !== true))("%s is limited, whatever is answered", async (_, spec) => {
    const credential = await goodCredential(spec);
    const answers = [];
    for (let time = 0; time < 2; time++) answers.push(await ask(spec, { credential, url: narrowUrl }));
    const refused = answers.at(-1);
    expect([refused?.status, refused?.code]).toEqual([429, "rate_limited"]);
    expect(Number(refused?.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(refused?.headers.get("RateLimit-Limit")).toBe("1");
    expect(refused?.headers.get("RateLimit-Remaining")).toBe("0");
  });

  it.each(named((spec) => spec.isUncounted === true))("%s is none of them", async (_, spec) => {
    for (let time = 0; time < 3; time++) {
      const { status, headers } = await ask(spec, { url: narrowUrl, ...(spec.method === "GET" ? {} : { body: "{}" }) });
      expect(status).not.toBe(429);
      expect(headers.get("RateLimit-Limit")).toBeNull();
    }
  });
});

describe("every route with a body", () => {
  it.each(named(takesBody))("%s takes nothing but JSON", async (_, spec) => {
    const credential = await goodCredential(spec);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense"]) {
      const answer = await ask(spec, { credential, body: "{}", type });
      expect([answer.status, answer.code]).toEqual([415, "unsupported_media_type"]);
    }
  });

  it.each(named(takesBody))("%s takes no more than 64 KiB", async (_, spec) => {
    const credential = await goodCredential(spec);
    const answer = await ask(spec, { credential, body: `"${"x".repeat(64 * 1024)}"`, type: JSON_TYPE });
    expect([answer.status, answer.code]).toEqual([413, "payload_too_large"]);
  });

  it.each(named(takesBody))("%s refuses what is no JSON, no object, or no UTF-8", async (_, spec) => {
    const credential = await goodCredential(spec);
    for (const body of ["{", "", "[]", "null", '"text"', "17", new Uint8Array([0x22, 0xff, 0x22])]) {
      const answer = await ask(spec, { credential, body, type: JSON_TYPE });
      // Where a body may be absent, an empty one is as good as none, and the payout is looked for.
      const isAbsent = body === "" && spec.absentBody !== undefined;
      expect([answer.status, answer.code]).toEqual(isAbsent ? [404, "not_found"] : [400, "invalid_payload"]);
    }
  });

  it.each(named((spec) => takesBody(spec) && spec.absentBody === undefined))(
    "%s asks for its fields",
    async (_, spec) => {
      const answer = await ask(spec, { credential: await goodCredential(spec), body: "{}", type: JSON_TYPE });
      expect([answer.status, answer.code]).toEqual([400, "invalid_payload"]);
    },
  );
});

describe("every route with an id in its path", () => {
  const hasId = (spec: RouteSpec) => spec.params === idPath;
  it.each(named(hasId))(
    "%s knows nothing by an id without the form of one, before it looks at a body",
    async (_, spec) => {
      const credential = await goodCredential(spec);
      for (const id of ["17", `${ID}0`, "%00", "..%2f..", "x".repeat(500)]) {
        const answer = await ask(spec, { credential, id, ...(spec.method === "GET" ? {} : { body: "{" }) });
        expect([answer.status, answer.code]).toEqual([404, "not_found"]);
      }
    },
  );
});

describe("every route", () => {
  it.each(named(() => true))(
    "%s names its methods to those who use another one, credential or not",
    async (_, spec) => {
      const known = specs.filter(({ path }) => path === spec.path).map(({ method }) => method);
      const others = ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((method) => !known.some((one) => one === method));
      for (const method of [...others, "OPTIONS", "PROPFIND"]) {
        const answer = await ask(spec, { method });
        expect([answer.status, answer.code]).toEqual([405, "method_not_allowed"]);
        expect(answer.headers.get("Allow")?.split(", ")).toEqual(expect.arrayContaining(known));
      }
    },
  );

  it.each(named((spec) => spec.method === "GET"))("%s answers HEAD like GET, without the body", async (_, spec) => {
    const credential = await goodCredential(spec);
    const [got, head] = [await ask(spec, { credential }), await ask(spec, { credential, method: "HEAD" })];
    expect(head.status).toBe(got.status);
    expect(head.text).toBe("");
    expect(head.headers.get("Content-Type")).toBe(got.headers.get("Content-Type"));
  });

  it.each(named(() => true))("%s gives every answer an id, and nothing for browsers to play with", async (_, spec) => {
    const ids = new Set<string | null>();
    for (const credential of [await goodCredential(spec), {}]) {
      const { headers, status } = await ask(spec, { credential });
      ids.add(headers.get("X-Request-Id"));
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Content-Security-Policy")).toContain("default-src 'none'");
      // What can be answered with 304 may be kept, if it is asked about each time.
      const isTagged = status === 200 && 304 in spec.answers;
      expect(headers.get("Cache-Control")).toBe(isTagged ? "private, no-cache" : "no-store");
      expect(headers.get("X-Powered-By")).toBeNull();
    }
    expect(ids.size).toBe(2);
  });
});

describe("an address that there is not", () => {
  it.each(["/", "/api", "/api/%ff", "//api/version", "/api/../etc/passwd", "/metrics"])(
    "is told apart: %s",
    async (path) => {
      const response = await fetch(`${world.apiUrl}${path}`);
      expect([404, 400]).toContain(response.status);
      expect((await response.json()) as object).toMatchObject({ message: expect.any(String), details: {} });
    },
  );
});

describe("the extension's origin", () => {
  it("may ask, and nobody else's page", async () => {
    const api = await world.startApi({
      TWITCH_EXTENSION_CLIENT_ID: "ourextension",
      ALLOWED_ORIGINS: "https://rig.test",
    });
    const preflight = (origin: string) =>
      fetch(`http://127.0.0.1:${api.port}/api/payouts/claim`, {
        method: "OPTIONS",
        headers: { Origin: origin, "Access-Control-Request-Method": "POST" },
      });
    for (const origin of ["https://ourextension.ext-twitch.tv", "https://rig.test"]) {
      const { status, headers } = await preflight(origin);
      expect(status).toBe(204);
      expect(headers.get("Access-Control-Allow-Origin")).toBe(origin);
      expect(headers.get("Access-Control-Allow-Headers")).toBe("Authorization, Content-Type");
      expect(headers.get("Vary")).toContain("Origin");
    }
    for (const origin of ["https://other.ext-twitch.tv", "null", "https://rig.test.evil", "http://rig.test"]) {
      const { status, headers } = await preflight(origin);
      expect(status).toBe(405);
      expect(headers.get("Access-Control-Allow-Origin")).toBeNull();
    }
    const read = await fetch(`http://127.0.0.1:${api.port}/api/version`, { headers: { Origin: "https://rig.test" } });
    const exposed = read.headers.get("Access-Control-Expose-Headers");
    for (const name of ["Retry-After", "RateLimit-Reset", "X-Request-Id"]) expect(exposed).toContain(name);
  });
});

describe("the document and the page", () => {
  it("are there for anyone, and name each route", async () => {
    const document = await (await fetch(`${world.apiUrl}/openapi.json`)).json();
    const response = await fetch(`${world.apiUrl}/docs`);
    const page = await response.text();
    expect(response.headers.get("Content-Type")).toContain("text/html");
    expect(page).not.toContain("<script");
    for (const { path, method } of specs) {
      expect(document).toHaveProperty(["paths", path, method.toLowerCase()]);
      expect(page).toContain(`<code>${method} ${path}</code>`);
    }
  });
});
