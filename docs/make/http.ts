import { ROUTES } from "@mgm/api/routes/index";
import { describedRoutes } from "@mgm/api/routes/service/document";
import { type OpenApiDocument, type Operation, openApiDocument } from "@mgm/api/routing/openapi";
import { code } from "./table.ts";

/* The routes, from the document that the API serves as /openapi.json. */

type Json = Record<string, unknown>;

const GROUPS = [
  ["viewer", "For viewers"],
  ["desktop", "For the desktop"],
  ["moderator", "For moderators and the broadcaster"],
  ["broadcaster", "For the broadcaster alone"],
  ["twitch", "For Twitch"],
  ["anyone", "For anyone"],
] as const;

/** Schemas with a name of their own; all others belong to one route. */
const OF_ONE_ROUTE = /(?:Answer|Body)$|^Error_/;

/** A route's method and path, and what the document says about it. */
export interface DescribedRoute {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const DOCUMENT: OpenApiDocument = openApiDocument(
  describedRoutes(ROUTES).map(({ spec }) => spec),
  "",
);

const SHARED_SHAPES = Object.keys(DOCUMENT.components.schemas).filter((name) => !OF_ONE_ROUTE.test(name));

/** Every route of the document. */
export const DESCRIBED_ROUTES: readonly DescribedRoute[] = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

/** One section a group of callers, and one for what several routes answer with. */
export function routes(): string {
  const groups = GROUPS.map(([tag, title]) => {
    const ofGroup = DESCRIBED_ROUTES.filter(({ operation }) => (operation.tags as string[]).includes(tag));
    return `## ${title}\n\n${ofGroup.map(describe).join("\n\n")}`;
  });
  const shapes = SHARED_SHAPES.map((name) => `- **${name}** ${code(shapeOf(schemaOf(name)))}`);
  return [...groups, "## What several routes answer with", shapes.join("\n")].join("\n\n");
}

/** The codes that a route may refuse with, by status. */
export function refusalsOf({ operation }: DescribedRoute): { status: string; codes: string[] }[] {
  return Object.entries(operation.responses)
    .filter(([, { description }]) => description.startsWith("`"))
    .map(([status, { description }]) => ({
      status,
      codes: [...description.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
    }));
}

function describe(route: DescribedRoute): string {
  const { method, path, operation } = route;
  const body = operation.requestBody?.content["application/json"]?.schema;
  const query = operation.parameters.filter((parameter) => parameter.in === "query");
  const refused = refusalsOf(route)
    // Everything may: the page says so once.
    .filter(({ status }) => status !== "500")
    .map(({ status, codes }) => `${status} ${codes.map(code).join(", ")}`);
  return [
    `### ${code(`${method} ${path}`)}`,
    "",
    operation.summary,
    "",
    ...(query.length === 0 ? [] : [`- query: ${query.map(({ name }) => code(name)).join(", ")}`]),
    ...(body === undefined ? [] : [`- body: ${code(shapeOf(body))}`]),
    ...answersOf(operation).map(([status, shape]) => `- ${status}: ${shape}`),
    ...(refused.length === 0 ? [] : [`- refused: ${refused.join("; ")}`]),
  ].join("\n");
}

function answersOf({ responses }: Operation): [string, string][] {
  return Object.entries(responses)
    .filter(([, { description }]) => !description.startsWith("`"))
    .map(([status, { content }]) => {
      const [type, media] = Object.entries(content ?? {})[0] ?? [];
      if (type === undefined || media === undefined) return [status, "nothing more"];
      return [status, type === "application/json" ? code(shapeOf(media.schema)) : type];
    });
}

/** Which fields something has: `{ id, item? { name } | null, entries [ { id } ] }`; `?` marks what may be absent. */
function shapeOf(schema: Json): string {
  const { $ref, type, anyOf, items, properties, required } = schema as {
    $ref?: string;
    type?: string | string[];
    anyOf?: Json[];
    items?: Json;
    properties?: Record<string, Json>;
    required?: string[];
  };
  if ($ref !== undefined) {
    const name = $ref.replace("#/components/schemas/", "");
    return OF_ONE_ROUTE.test(name) ? shapeOf(schemaOf(name)) : name;
  }
  if (anyOf !== undefined) {
    const shapes = anyOf.map((one) => (one.type === "null" ? "null" : shapeOf(one)));
    return shapes.filter((shape) => shape !== "").join(" | ");
  }
  if (items !== undefined) return `[ ${shapeOf(items)} ]`.replace("[  ]", "[ ]");
  if (properties === undefined) return Array.isArray(type) && type.includes("null") ? "null" : "";
  const fields = Object.entries(properties).map(([name, field]) => {
    const shape = shapeOf(field);
    const isNullable = shape === "null";
    return `${name}${required?.includes(name) ? "" : "?"}${isNullable ? " | null" : shape === "" ? "" : ` ${shape}`}`;
  });
  return `{ ${fields.join(", ")} }`;
}

function schemaOf(name: string): Json {
  return DOCUMENT.components.schemas[name] ?? {};
}
