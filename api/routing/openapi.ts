import { REFUSAL_STATUS, type RefusalCode } from "@mgm/domain/refusal";
import * as z from "zod";
import { errorWith } from "../schemas/error.ts";
import { codesOf } from "./codes.ts";
import type { AnswerSpec, RouteSpec, Who } from "./route.ts";

/* The OpenAPI 3.1 document of the routes. Its schemas are the very ones that validate, written down by zod. */

type Json = Record<string, unknown>;

/** An operation, as far as our page reads it. */
export interface Operation extends Json {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: Json }> }>;
  readonly requestBody?: { content: Record<string, { schema: Json }> };
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: Json }[];
}

/** The document, as far as our page reads it. */
export interface OpenApiDocument extends Json {
  readonly info: Json & { title: string; version: string; description: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, Json>; securitySchemes: Json; headers: Json };
}

const SECURITY: Readonly<Record<Who, readonly Json[]>> = {
  anyone: [],
  viewer: [{ viewer: [] }],
  moderator: [{ viewer: [] }],
  broadcaster: [{ viewer: [] }],
  desktop: [{ desktop: [] }],
  twitch: [{ twitch: [] }],
};

const WHO: Readonly<Record<Who, string>> = {
  anyone: "For anyone.",
  viewer: "For every viewer who has opened the extension.",
  moderator: "For the broadcaster and the channel's moderators.",
  broadcaster: "For the broadcaster.",
  desktop: "For the streamer's desktop.",
  twitch: "For Twitch, which signs what it sends.",
};

/** Describes these routes. */
export function openApiDocument(routes: readonly RouteSpec[], version: string): OpenApiDocument {
  const schemas = new Schemas();
  const paths: OpenApiDocument["paths"] = {};
  for (const spec of routes) {
    paths[spec.path] = { ...paths[spec.path], [spec.method.toLowerCase()]: operationOf(spec, schemas) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Mimiron's Gold-o-Matic",
      version,
      description: "A gold roulette for Twitch streamers who play World of Warcraft 3.3.5a.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: schemas.all,
      securitySchemes: {
        viewer: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "A Twitch Extension token." },
        desktop: { type: "apiKey", in: "header", name: "X-MGM-ApiKey" },
        twitch: { type: "apiKey", in: "header", name: "Twitch-Eventsub-Message-Signature" },
      },
      headers: HEADERS,
    },
  };
}

const whole = { type: "integer", minimum: 0 };
const HEADERS = {
  RequestId: { description: "Names this request in our logs.", schema: { type: "string", format: "uuid" } },
  RetryAfter: { description: "Seconds.", schema: whole },
  RateLimitLimit: { description: "Requests a minute.", schema: whole },
  RateLimitRemaining: { description: "Requests that are left.", schema: whole },
  RateLimitReset: { description: "Seconds until there are more.", schema: whole },
};

const headerRef = (name: keyof typeof HEADERS) => ({ $ref: `#/components/headers/${name}` });

function operationOf(spec: RouteSpec, schemas: Schemas): Operation {
  return {
    operationId: spec.name,
    summary: spec.summary,
    description: WHO[spec.who],
    tags: [spec.who],
    security: SECURITY[spec.who],
    parameters: parametersOf(spec),
    ...(spec.body === undefined ? {} : { requestBody: requestBodyOf(spec, spec.body, schemas) }),
    responses: { ...answersOf(spec, schemas), ...refusalsOf(spec, schemas) },
  };
}

function parametersOf(spec: RouteSpec): Operation["parameters"] {
  const named = (place: "path" | "query", schema: z.ZodObject | undefined) =>
    Object.entries(schema?.shape ?? {}).map(([name, part]) => {
      const isRequired = place === "path" || !z.safeParse(part as z.ZodType, undefined).success;
      return { name, in: place, required: isRequired, schema: inlineSchema(part as z.ZodType) };
    });
  const desktop = {
    name: "X-MGM-Desktop",
    in: "header",
    required: false,
    description: "Which desktop asks; absent it is the unnamed one.",
    schema: { type: "string", format: "uuid" },
  };
  return [...named("path", spec.params), ...named("query", spec.query), ...(spec.who === "desktop" ? [desktop] : [])];
}

function requestBodyOf(spec: RouteSpec, body: z.ZodType, schemas: Schemas) {
  const schema = schemas.add(`${capitalised(spec.name)}Body`, body, "input");
  return { required: spec.absentBody === undefined, content: { "application/json": { schema } } };
}

function answersOf(spec: RouteSpec, schemas: Schemas): Operation["responses"] {
  const headers = {
    "X-Request-Id": headerRef("RequestId"),
    ...(spec.isUncounted
      ? {}
      : {
          "RateLimit-Limit": headerRef("RateLimitLimit"),
          "RateLimit-Remaining": headerRef("RateLimitRemaining"),
          "RateLimit-Reset": headerRef("RateLimitReset"),
        }),
  };
  return Object.fromEntries(
    Object.entries(spec.answers).map(([status, answer]) => [
      status,
      {
        description: answer === null ? "Done; there is nothing to say." : "Done.",
        headers,
        ...contentOf(answer, `${capitalised(spec.name)}Answer`, schemas),
      },
    ]),
  );
}

function contentOf(answer: AnswerSpec, name: string, schemas: Schemas) {
  if (answer === null) return {};
  if (!(answer instanceof z.ZodType)) return { content: { [answer.contentType]: { schema: { type: "string" } } } };
  return { content: { "application/json": { schema: schemas.add(name, answer, "output") } } };
}

function refusalsOf(spec: RouteSpec, schemas: Schemas): Operation["responses"] {
  const byStatus = new Map<number, RefusalCode[]>();
  for (const code of codesOf(spec)) {
    const status = REFUSAL_STATUS[code];
    if (!(status in spec.answers)) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\``).join(", "),
        headers: {
          "X-Request-Id": headerRef("RequestId"),
          ...(status === 429 || status === 503 ? { "Retry-After": headerRef("RetryAfter") } : {}),
        },
        content: { "application/json": { schema: schemas.add(errorName(codes), errorWith(codes), "output") } },
      },
    ]),
  );
}

const errorName = (codes: readonly RefusalCode[]): string =>
  `Error_${codes.map((code) => code.split("_").map(capitalised).join("")).join("_")}`;

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The named schemas of the document; what one calls itself (`meta({ id })`) goes before the name that it is given. */
class Schemas {
  readonly all: Record<string, Json> = {};

  add(name: string, schema: z.ZodType, io: "input" | "output"): Json {
    const { $defs, ...written } = jsonSchema(schema, io);
    for (const [own, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) this.all[own] = definition;
    // A schema with a name of its own is among its definitions, and the rest refers to it.
    if (typeof written.$ref === "string") return written;
    this.all[name] = written;
    return { $ref: `#/components/schemas/${name}` };
  }
}

function inlineSchema(schema: z.ZodType): Json {
  return jsonSchema(schema, "input");
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...written } = z.toJSONSchema(schema, {
    io,
    // Fields may be added any day: readers must not take an unknown one amiss.
    override: ({ jsonSchema: node }) => {
      delete node.additionalProperties;
      delete node.id;
    },
  });
  return JSON.parse(JSON.stringify(written).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
}
