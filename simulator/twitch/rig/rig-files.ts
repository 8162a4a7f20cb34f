import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** The built extension. */
export interface ExtensionPages {
  /** The folder with the pages; builds them when that has not happened yet. */
  folder(): Promise<string>;
}

/** What a page is told when it is served. */
export interface PageContext {
  readonly apiUrl: string;
  /** The content policy's header. */
  readonly policy: string;
}

const OWN_FOLDER = fileURLToPath(new URL(".", import.meta.url));
const OWN_FILES: Readonly<Record<string, string>> = {
  "/": "rig.html",
  "/rig.css": "rig.css",
  "/rig-page.js": "rig-page.js",
};
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".woff2": "font/woff2",
};
const HELPER = "https://extension-files.twitch.tv/helper/v1/twitch-ext.min.js";
const HELPER_PATH = "helper.js";
const ADDRESS_TAG = '<meta name="mgm-api" content="" />';

/** Serves a file of the extension as Twitch would; its pages get our helper and the address of the API that runs here. */
export async function servePage(
  response: ServerResponse,
  name: string,
  pages: ExtensionPages,
  { apiUrl, policy }: PageContext,
): Promise<void> {
  response.setHeader("Content-Security-Policy", policy);
  if (name === HELPER_PATH) return await serve(response, join(OWN_FOLDER, HELPER_PATH));
  const folder = await pages.folder();
  const file = normalize(join(folder, name));
  if (!file.startsWith(folder)) return notFound(response);
  await serve(response, file, (html) =>
    html
      .replace(HELPER, `./${HELPER_PATH}`)
      .replace(ADDRESS_TAG, ADDRESS_TAG.replace('content=""', `content="${apiUrl}"`)),
  );
}

/** Serves a file of the rig's own page. */
export async function serveOwnFile(response: ServerResponse, path: string): Promise<void> {
  const name = OWN_FILES[path];
  if (name === undefined) return notFound(response);
  await serve(response, join(OWN_FOLDER, name));
}

async function serve(response: ServerResponse, file: string, change = (html: string): string => html): Promise<void> {
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) return notFound(response);
  const type = extname(file);
  response.setHeader("Content-Type", TYPES[type] ?? "application/octet-stream");
  response.setHeader("Cache-Control", "no-store");
  response.end(type === ".html" ? change(bytes.toString("utf8")) : bytes);
}

function notFound(response: ServerResponse): void {
  response.writeHead(404).end();
}
