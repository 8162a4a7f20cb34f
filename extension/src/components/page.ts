import Alpine from "@alpinejs/csp";
import { ApiClient } from "../http/client.ts";
import { twitchHelper } from "../twitch/helper.external.ts";
import { Viewing, type ViewingParts } from "../viewing/viewing.ts";
import { registerSay } from "./say.ts";

/** This build's version. */
export const VERSION = __EXTENSION_VERSION__;

/** What a page can see with; without an API's address or a Twitch around it there is nothing to see. */
export type Eyes =
  | { readonly ok: true; readonly viewing: Viewing; readonly api: ApiClient }
  | { readonly ok: false; readonly missing: "api" | "twitch" };

/** Opens a page's eyes. */
export function openEyes(audience: ViewingParts["audience"]): Eyes {
  const apiUrl = document.querySelector<HTMLMetaElement>('meta[name="mgm-api"]')?.content ?? "";
  const helper = twitchHelper();
  if (apiUrl === "") return { ok: false, missing: "api" };
  if (helper === null) return { ok: false, missing: "twitch" };
  const api = new ApiClient(apiUrl);
  return { ok: true, viewing: new Viewing({ api, helper, audience }), api };
}

/** Starts a page with its components. */
export function startPage(components: Readonly<Record<string, () => object>>): void {
  registerSay(Alpine);
  for (const [name, component] of Object.entries(components)) Alpine.data(name, component);
  Alpine.start();
}
