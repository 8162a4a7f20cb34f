import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to requests: they pass, or one of the ways in which an API cannot be reached or does not answer as itself. */
export const TROUBLES = [
  "cut",
  "hotel",
  "proxy_404",
  "bad_gateway",
  "unauthorized",
  "wrong_key",
  "rate_limited",
  "down",
] as const;
export type Trouble = (typeof TROUBLES)[number];

const ANSWERS: Readonly<Record<Exclude<Trouble, "cut" | "down">, { status: number; type: string; body: string }>> = {
  hotel: { status: 200, type: "text/html", body: "<html>Welcome! Please accept our terms.</html>" },
  proxy_404: { status: 404, type: "text/html", body: "<html>404 Not Found</html>" },
  bad_gateway: { status: 502, type: "text/html", body: "<html>502 Bad Gateway</html>" },
  unauthorized: { status: 401, type: "application/json", body: '{"code":"unauthorized","message":"","details":{}}' },
  wrong_key: { status: 403, type: "application/json", body: '{"code":"forbidden_apikey","message":"","details":{}}' },
  rate_limited: { status: 429, type: "application/json", body: '{"code":"rate_limited","message":"","details":{}}' },
};

/** A request that got through. */
export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** A proxy in front of the API. */
export class FaultyProxy {
  readonly passed: Passed[] = [];
  /** Requests that met the trouble of their time. */
  troubled = 0;
  #trouble: Trouble | null = null;
  readonly #target: URL;
  #port = 0;
  readonly #server = createServer((incoming, outgoing) => this.#serve(incoming, outgoing));

  private constructor(targetUrl: string) {
    this.#target = new URL(targetUrl);
  }

  static async start(targetUrl: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(targetUrl);
    await proxy.#listen();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** From now on; null: all is well. `down`: nobody listens at the port. */
  async meet(trouble: Trouble | null): Promise<void> {
    const before = this.#trouble;
    this.#trouble = trouble;
    if (trouble === "down") await this.stop();
    else if (before === "down") await this.#listen();
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const trouble = this.#trouble;
    if (trouble === null) this.#pass(incoming, outgoing);
    else {
      this.troubled += 1;
      if (trouble === "cut" || trouble === "down") {
        outgoing.destroy();
        return;
      }
      const { status, type, body } = ANSWERS[trouble];
      outgoing.writeHead(status, { "Content-Type": type });
      outgoing.end(body);
    }
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = "", url: path = "", headers } = incoming;
    const { hostname, port } = this.#target;
    const onward = httpRequest({ hostname, port, method, path, headers }, (answer) => {
      this.passed.push({ method, path, status: answer.statusCode ?? 0 });
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  }
}
