import type { Plugin } from "vite";

/** Where a page finds the API's address; empty in a build that was given none. */
export const ADDRESS_TAG = '<meta name="mgm-api" content="" />';

/** Writes the API's address into every page. */
export function apiAddress(url: string): Plugin {
  return {
    name: "api-address",
    transformIndexHtml: { order: "pre", handler: (html) => withApiAddress(html, url) },
  };
}

/** A page that speaks to this API. Throws for something that is no address. */
export function withApiAddress(html: string, url: string): string {
  if (url === "") return html;
  const { origin } = new URL(url);
  return html.replace(ADDRESS_TAG, ADDRESS_TAG.replace('content=""', `content="${origin}"`));
}
