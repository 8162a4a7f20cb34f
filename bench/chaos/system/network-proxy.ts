import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/*
 * The network between the streamer's home and the API processes, which take turns at its connections: bytes that pass, late,
 * or not at all.
 *
 *   good            everything passes, after `delayMs`
 *   half_open       connections are accepted and stand; nothing moves in either direction
 *   answers_lost    what the desktop asks arrives and is done; the answers do not come back
 *   reset           every connection breaks at once, new ones too
 */

/** What the network does from now on. */
export type NetworkCondition = "good" | "half_open" | "answers_lost" | "reset";

/** A network that can be disturbed. */
export class NetworkProxy {
  delayMs = 0;
  readonly #targetPorts: readonly number[];
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  #condition: NetworkCondition = "good";
  #connections = 0;

  private constructor(targetPorts: readonly number[]) {
    this.#targetPorts = targetPorts;
  }

  static async start(...targetPorts: readonly number[]): Promise<NetworkProxy> {
    const proxy = new NetworkProxy(targetPorts);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What stood while nothing moved breaks when the network is good again, as connections behind a router do. */
  meet(condition: NetworkCondition): void {
    if (condition === "reset" || (condition === "good" && this.#condition !== "good")) this.#breakAll();
    this.#condition = condition;
  }

  async stop(): Promise<void> {
    this.#breakAll();
    this.#server.close();
    await once(this.#server, "close");
  }

  #breakAll(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  #accept(client: Socket): void {
    if (this.#condition === "reset") {
      client.resetAndDestroy();
      return;
    }
    const port = this.#targetPorts[this.#connections++ % this.#targetPorts.length] ?? 0;
    const server = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    this.#pass(client, server, "up");
    this.#pass(server, client, "down");
    const end = (): void => {
      this.#pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on("error", end).on("close", end);
  }

  #pass(from: Socket, to: Socket, direction: "up" | "down"): void {
    // What waits keeps its place, however short the delay has become meanwhile.
    let before: Promise<unknown> = Promise.resolve();
    const later = (work: () => void): void => {
      const isLost = this.#condition === "half_open" || (this.#condition === "answers_lost" && direction === "down");
      if (isLost) return;
      const { delayMs } = this;
      const due = delayMs === 0 ? null : delay(delayMs);
      before = before.then(() => due).then(work);
    };
    from.on("data", (bytes) => later(() => void (to.writable && to.write(bytes))));
    from.on("end", () => later(() => void to.end()));
  }
}
