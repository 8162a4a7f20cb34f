import { createSign, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Issues API keys as JSON Web Tokens, and publishes what they are checked with. */
export interface KeyIssuer {
  /** Where the server finds the public key. */
  readonly url: string;
  /** A key with these permissions, each `<namespace>:<role>`. */
  issue(permissions: readonly string[]): string;
  stop(): Promise<void>;
}

/** Starts an issuer with a key pair of its own. */
export async function startKeyIssuer(): Promise<KeyIssuer> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: "jwk" }), kid: "test", use: "sig", alg: "RS256" }];
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "application/json").end(JSON.stringify({ keys }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys.json`,
    issue(permissions) {
      const exp = Math.floor(Date.now() / 1_000) + 3_600;
      const unsigned = `${encode({ alg: "RS256", typ: "JWT", kid: "test" })}.${encode({ sub: "mgm", exp, permissions })}`;
      return `${unsigned}.${createSign("RSA-SHA256").update(unsigned).sign(privateKey).toString("base64url")}`;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
