import type { Context } from "koa";
import type { NewId } from "./ids.ts";
import { helixRefusal } from "./refusal.ts";

/** The token that our own processes use when no Twitch application is configured; always good here. */
export const SIMULATED_TOKEN = "simulated";

/** An access token that the simulator gave out. */
export type IssuedToken = {
  accessToken: string;
  refreshToken: string | null;
  clientId: string;
  /** Null for an app access token. */
  userId: string | null;
  scopes: string[];
  expiresInSeconds: number;
};

/** The tokens in force; what is not in here is answered 401, as after a revocation. */
export class TokenStore {
  readonly #tokens = new Map<string, IssuedToken>();
  readonly #newId: NewId;

  constructor(newId: NewId) {
    this.#newId = newId;
  }

  issueApp(clientId: string): IssuedToken {
    return this.#keep({ clientId, userId: null, scopes: [], refreshToken: null, expiresInSeconds: 5_011_271 });
  }

  issueUser(clientId: string, userId: string, scopes: string[]): IssuedToken {
    return this.#keep({ clientId, userId, scopes, refreshToken: `refresh-${this.#newId()}`, expiresInSeconds: 14_400 });
  }

  /** Trades a refresh token in; it works once, as those of a public client do. */
  refresh(refreshToken: string): IssuedToken | null {
    for (const token of this.#tokens.values()) {
      if (token.refreshToken !== refreshToken || token.userId === null) continue;
      token.refreshToken = null;
      return this.issueUser(token.clientId, token.userId, token.scopes);
    }
    return null;
  }

  find(accessToken: string): IssuedToken | null {
    return this.#tokens.get(accessToken) ?? null;
  }

  revoke(accessToken: string): void {
    this.#tokens.delete(accessToken);
  }

  /** Ends every token at once, as a changed client secret would. */
  revokeAll(): void {
    this.#tokens.clear();
  }

  #keep(token: Omit<IssuedToken, "accessToken">): IssuedToken {
    const issued = { accessToken: `${token.userId === null ? "app" : "user"}-${this.#newId()}`, ...token };
    this.#tokens.set(issued.accessToken, issued);
    return issued;
  }
}

/** Who calls Helix. */
export type Caller = { kind: "simulated" } | { kind: "app" } | { kind: "user"; userId: string; scopes: string[] };

/** The caller behind the headers of a Helix request; a 401 otherwise. */
export function authenticate(ctx: Context, tokens: TokenStore): Caller {
  const accessToken = /^Bearer (\S+)$/.exec(ctx.get("Authorization"))?.[1];
  const clientId = ctx.get("Client-Id");
  if (!accessToken) throw helixRefusal(401, "OAuth token is missing");
  if (!clientId) throw helixRefusal(401, "Client ID is missing");
  if (accessToken === SIMULATED_TOKEN) return { kind: "simulated" };
  const token = tokens.find(accessToken);
  if (!token) throw helixRefusal(401, "Invalid OAuth token");
  if (token.clientId !== clientId) throw helixRefusal(401, "Client ID and OAuth token do not match");
  return token.userId === null ? { kind: "app" } : { kind: "user", userId: token.userId, scopes: token.scopes };
}
