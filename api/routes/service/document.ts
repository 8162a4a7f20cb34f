import { z } from "zod";
import { openApiDocument } from "../../routing/openapi.ts";
import { type Route, route } from "../../routing/route.ts";
import { readablePage } from "./readable-page.ts";
import { version } from "./version.ts";

/** These routes and the two that describe them all: for programs, and for people. */
export function describedRoutes(routes: readonly Route[]): Route[] {
  const getDocument = route(
    {
      name: "getDocument",
      method: "GET",
      path: "/openapi.json",
      who: "anyone",
      summary: "This document.",
      answers: { 200: z.object({ openapi: z.string() }) },
    },
    () => (ctx) => {
      ctx.body = document;
    },
  );
  const getReadablePage = route(
    {
      name: "getReadablePage",
      method: "GET",
      path: "/docs",
      who: "anyone",
      summary: "The same as a page to read.",
      answers: { 200: { contentType: "text/html" } },
    },
    () => (ctx) => {
      ctx.set("Content-Security-Policy", page.contentSecurityPolicy);
      ctx.type = "text/html";
      ctx.body = page.html;
    },
  );
  const all = [...routes, getDocument, getReadablePage];
  const document = openApiDocument(
    all.map(({ spec }) => spec),
    version,
  );
  const page = readablePage(document);
  return all;
}
