import type { RefusalCode } from "@mgm/domain/refusal";
import type * as z from "zod";
import type { ApiContext } from "../context.ts";
import type { ApiDependencies } from "../dependencies.ts";

/*
 * A route is declared once: who may ask, what the request must look like, what is answered. From this declaration come
 * the checks in front of its handler (mount.ts), the OpenAPI document (openapi.ts) and the page that shows it.
 */

/** Whose credential a route asks for; `twitch` signs its messages, which the handler checks itself. */
export type Who = "anyone" | "viewer" | "moderator" | "broadcaster" | "desktop" | "twitch";

/** What is answered with a status: JSON of a schema, nothing, or a text of another kind. */
export type AnswerSpec = z.ZodType | null | { readonly contentType: string };

/** A route as everybody may read it. */
export interface RouteSpec {
  /** Unique; clients that are generated from the document call it by this. */
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Parts in braces are named in `params`: `/api/payouts/{id}/status`. */
  readonly path: string;
  /** Everything below the path belongs to it too. */
  readonly takesPathsBelow?: true;
  readonly who: Who;
  /** One sentence on what it is for. */
  readonly summary: string;
  /** Counts against nobody's limit. */
  readonly isUncounted?: true;
  /** Only for viewers who share with us who they are. */
  readonly needsIdentity?: true;
  /** Refused while another desktop is the active one; facts do without. */
  readonly needsLease?: true;
  /** What does not fit in a path names nothing: `not_found`. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What a request without any body stands for. */
  readonly absentBody?: unknown;
  /** By status. */
  readonly answers: Readonly<Record<number, AnswerSpec>>;
  /** What the handler may refuse with, besides what the checks above bring with them. */
  readonly codes?: readonly RefusalCode[];
}

type Read<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** The parts of a request, checked and converted. */
export interface Asked<Spec extends RouteSpec> {
  readonly params: Read<Spec["params"]>;
  readonly query: Read<Spec["query"]>;
  readonly body: Read<Spec["body"]>;
}

type Handler<Spec extends RouteSpec> = (ctx: ApiContext, asked: Asked<Spec>) => Promise<void> | void;

/** A declared route with what it does, from the dependencies that it names. */
export interface Route<Dependencies = ApiDependencies> {
  readonly spec: RouteSpec;
  readonly handler: (deps: Dependencies) => (ctx: ApiContext, asked: never) => Promise<void> | void;
}

/** Declares a route. */
export function route<const Spec extends RouteSpec, Dependencies>(
  spec: Spec,
  handler: (deps: Dependencies) => Handler<Spec>,
): Route<Dependencies> {
  return { spec, handler };
}
