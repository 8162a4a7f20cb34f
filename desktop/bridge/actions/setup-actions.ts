import type { ActionResult } from "../../wire/protocol.ts";
import type { DesktopSettings } from "../../wire/state.ts";
import type { Desktop } from "../desktop.ts";
import { inspectGameFolder } from "../game-folder/game-folder.ts";
import { listFolder } from "../game-folder/list-folder.ts";
import { codeOfAnswer } from "../http/api-answer.ts";
import { ApiClient } from "../http/api-client.ts";
import { done, failed, NOT_CONNECTED } from "./results.ts";

/** Keeps settings; they count at once. */
export async function saveSettings(
  desktop: Desktop,
  { settings }: { readonly settings: Partial<DesktopSettings> },
): Promise<ActionResult> {
  await desktop.change(settings);
  return done();
}

/** Keeps the API key; it counts at once. */
export async function saveApiKey(desktop: Desktop, { apiKey }: { readonly apiKey: string }): Promise<ActionResult> {
  await desktop.keepApiKey(apiKey);
  return done();
}

/** Asks an API who it is, and whether it takes the key. */
export async function testConnection(
  desktop: Desktop,
  { apiUrl, apiKey }: { readonly apiUrl: string; readonly apiKey: string | null },
): Promise<ActionResult> {
  if (apiUrl === "") return failed("no_api_url");
  const api = new ApiClient({ apiUrl, apiKey: apiKey ?? desktop.apiKey ?? "", desktopId: desktop.desktopId });
  const askedAt = performance.now();
  const version = await api.version();
  const latencyMs = Math.round(performance.now() - askedAt);
  if (version.kind !== "ok") return failed(codeOfAnswer(version) ?? "");
  const keyed = await api.pendingPayouts();
  const isKeyBad = keyed.kind === "refused" && keyed.code === "forbidden_apikey";
  if (keyed.kind !== "ok" && !isKeyBad) return failed(codeOfAnswer(keyed) ?? "");
  return done({ kind: "connection", version: version.body.version, isKeyGood: !isKeyBad, latencyMs });
}

/** Looks for game, addon and log. */
export async function testGameFolder(
  desktop: Desktop,
  choice: { readonly gameFolder: string; readonly logPath: string },
): Promise<ActionResult> {
  return done({ kind: "game_folder", ...(await inspectGameFolder(choice, desktop.machine)) });
}

/** What a folder holds. */
export async function listFolders(desktop: Desktop, { path }: { readonly path: string }): Promise<ActionResult> {
  const listing = await listFolder(path, desktop.machine);
  return listing === null ? failed("no_such_folder") : done({ kind: "folder", ...listing });
}

/** Asks which versions there are; the answer is in the state. */
export async function checkUpdate(desktop: Desktop): Promise<ActionResult> {
  const { bridge } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  const code = codeOfAnswer(await bridge.checkUpdate());
  return code === null ? done() : failed(code);
}
