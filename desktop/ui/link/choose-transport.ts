import { SocketTransport } from "./socket-transport.ts";
import type { Transport } from "./transport.ts";

/**
 * The way to the bridge from where this page is: a token in the address says that the bridge itself serves it; else
 * Neutralino's globals must be there. Null: the page was opened without its token.
 */
export async function chooseTransport(location: Location): Promise<Transport | null> {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token !== null) {
    const url = new URL("ws", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.hash = "";
    return new SocketTransport(url.href, token);
  }
  if (!(await hasNeutralinoGlobals())) return null;
  // A file of its own: in a browser the library is never loaded.
  const { NeutralinoTransport } = await import("./neutralino-transport.ts");
  return new NeutralinoTransport();
}

/** Loads them. The first to do so gets the access token, so it must happen once, and by nobody else. */
function hasNeutralinoGlobals(): Promise<boolean> {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = "./__neutralino_globals.js";
    script.addEventListener("load", () => resolve(globalThis.NL_PORT !== undefined));
    script.addEventListener("error", () => resolve(false));
    document.head.append(script);
  });
}
