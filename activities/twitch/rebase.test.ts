import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { callTwitchApiRaw } from "@twurple/api-call";
import { afterEach, beforeEach, expect, it } from "vitest";
import { rebasingDispatcher } from "./rebase.ts";
import { twitchAccess } from "./twitch-access.ts";
import { twitchDefaults } from "./twitch-settings.ts";

let server: Server;
let baseUrl: string;
let seen: string[];
beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.host}`);
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const host = () => baseUrl.replace("http://", "");

it("is not there for Twitch's own addresses", () => {
  expect(rebasingDispatcher(twitchDefaults)).toBeNull();
  const { fetchOptions } = twitchAccess({
    ...twitchDefaults,
    clientId: "client",
    clientSecret: "secret",
    botUserId: null,
  });
  expect(fetchOptions(AbortSignal.timeout(10))).not.toHaveProperty("dispatcher");
});

it("moves both addresses, path and query kept, whatever the base's path and last slash", async () => {
  const dispatcher = rebasingDispatcher({ helixUrl: `${baseUrl}/deep/helix/`, authUrl: `${baseUrl}/id` });
  if (!dispatcher) throw new Error("expected a dispatcher");
  await callTwitchApiRaw({ url: "users", query: { id: "7", login: "ёж" } }, "c", "t", "Bearer", { dispatcher });
  await callTwitchApiRaw({ type: "auth", url: "token", method: "POST" }, "c", undefined, undefined, { dispatcher });
  expect(seen).toEqual([`GET /deep/helix/users?id=7&login=%D1%91%D0%B6 ${host()}`, `POST /id/token ${host()}`]);
});
