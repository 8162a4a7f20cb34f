import Router from "@koa/router";
import type { Context } from "koa";
import type { NewId } from "./ids.ts";
import type { People } from "./people.ts";
import { oauthRefusal } from "./refusal.ts";
import { oauthParams } from "./request-body.ts";
import { type IssuedToken, SIMULATED_TOKEN, type TokenStore } from "./tokens.ts";

type DeviceGrant = { deviceCode: string; userCode: string; clientId: string; scopes: string[]; userId: string | null };

/** Device codes that wait for somebody to approve them, as the activation page of Twitch would. */
export class DeviceGrants {
  readonly #grants = new Map<string, DeviceGrant>();
  /** How often clients are told to ask whether it is done. */
  intervalSeconds = 5;

  start(grant: DeviceGrant): void {
    this.#grants.set(grant.deviceCode, grant);
  }

  /** Stands for the user who opens the page, types the code and agrees; false for a code that nobody waits for. */
  approve(userCode: string, userId: string): boolean {
    for (const grant of this.#grants.values()) {
      if (grant.userCode !== userCode) continue;
      grant.userId = userId;
      return true;
    }
    return false;
  }

  find(deviceCode: string): DeviceGrant | null {
    return this.#grants.get(deviceCode) ?? null;
  }

  end(deviceCode: string): void {
    this.#grants.delete(deviceCode);
  }
}

/** What the OAuth routes read and write. */
export type AuthWorld = { tokens: TokenStore; devices: DeviceGrants; people: People; newId: NewId };

/** The identity server: tokens, device codes, validation. */
export function authRoutes(world: AuthWorld): Router {
  const router = new Router({ prefix: "/oauth2" });
  router.post("/token", (ctx) => postToken(ctx, world));
  router.post("/device", (ctx) => postDevice(ctx, world));
  router.get("/validate", (ctx) => getValidate(ctx, world));
  return router;
}

function postToken(ctx: Context, { tokens, devices }: AuthWorld): void {
  const params = oauthParams(ctx);
  const clientId = params.get("client_id");
  if (!clientId) throw oauthRefusal(400, "missing client id");
  switch (params.get("grant_type")) {
    case "client_credentials":
      if (!params.get("client_secret")) throw oauthRefusal(400, "missing client secret");
      ctx.body = tokenJson(tokens.issueApp(clientId));
      return;
    case "refresh_token": {
      const token = tokens.refresh(params.get("refresh_token") ?? "");
      if (!token) throw oauthRefusal(400, "Invalid refresh token");
      ctx.body = tokenJson(token);
      return;
    }
    case "urn:ietf:params:oauth:grant-type:device_code": {
      const grant = devices.find(params.get("device_code") ?? "");
      if (!grant || grant.clientId !== clientId) throw oauthRefusal(400, "invalid device code");
      if (grant.userId === null) throw oauthRefusal(400, "authorization_pending");
      devices.end(grant.deviceCode);
      ctx.body = tokenJson(tokens.issueUser(clientId, grant.userId, grant.scopes));
      return;
    }
    default:
      throw oauthRefusal(400, "invalid grant type");
  }
}

function postDevice(ctx: Context, { devices, newId }: AuthWorld): void {
  const params = oauthParams(ctx);
  const clientId = params.get("client_id");
  if (!clientId) throw oauthRefusal(400, "missing client id");
  const scopes = (params.get("scopes") ?? params.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  const deviceCode = newId();
  const userCode = newId().slice(0, 8).toUpperCase();
  devices.start({ deviceCode, userCode, clientId, scopes, userId: null });
  ctx.body = {
    device_code: deviceCode,
    user_code: userCode,
    expires_in: 1800,
    interval: devices.intervalSeconds,
    verification_uri: `https://www.twitch.tv/activate?public=true&device-code=${userCode}`,
  };
}

function getValidate(ctx: Context, { tokens, people }: AuthWorld): void {
  const accessToken = /^(?:OAuth|Bearer) (\S+)$/.exec(ctx.get("Authorization"))?.[1] ?? "";
  if (accessToken === SIMULATED_TOKEN) {
    ctx.body = { client_id: SIMULATED_TOKEN, scopes: [], expires_in: 3600 };
    return;
  }
  const token = tokens.find(accessToken);
  if (!token) throw oauthRefusal(401, "invalid access token");
  const { clientId, scopes, userId } = token;
  const user = userId === null ? {} : { user_id: userId, login: people.find(userId)?.login ?? userId };
  ctx.body = { client_id: clientId, scopes, expires_in: token.expiresInSeconds, ...user };
}

function tokenJson(token: IssuedToken) {
  const { accessToken, refreshToken, expiresInSeconds, scopes, userId } = token;
  const user = userId === null ? {} : { refresh_token: refreshToken, scope: scopes };
  return { access_token: accessToken, expires_in: expiresInSeconds, token_type: "bearer", ...user };
}
