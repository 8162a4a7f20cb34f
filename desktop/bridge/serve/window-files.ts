import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import sirv from "sirv";

/** Answers a request for a file of the window. */
export type ServeFile = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves the built window from a folder; while it is not built, a page that says so. */
export function windowFiles(folder: string): ServeFile {
  // Read anew for each request: the window may be built while this runs.
  const serve = sirv(folder, { dev: true, etag: true });
  return (request, response) => {
    response.setHeader("Cache-Control", "no-cache");
    serve(request, response, () => {
      const isPage = ["/", "/index.html"].includes(request.url?.split("?")[0] ?? "");
      const isUnbuilt = isPage && !existsSync(join(folder, "index.html"));
      response.writeHead(isUnbuilt ? 503 : 404, { "Content-Type": "text/html; charset=utf-8" });
      response.end(request.method === "HEAD" ? undefined : isUnbuilt ? UNBUILT : NOT_FOUND);
    });
  };
}

const page = (text: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mimiron's Gold-o-Matic</title><p>${text}</p></html>\n`;
const UNBUILT = page(
  "The window is not built yet. Run <code>npm run build -w desktop</code>, then load this page again.",
);
const NOT_FOUND = page("There is no such page.");
