import type { IncomingMessage } from "node:http";

/*
 * Who may speak to the local server at all. It listens on this machine only, but every page that a browser has open runs on
 * this machine too: so the Host must be ours (a name of somebody else's that leads here is refused), and whoever names an
 * Origin must be a page that we served.
 */

const NAMES = ["127.0.0.1", "localhost"];

/** Whether a request names us as its host. */
export function isForUs({ headers }: IncomingMessage, port: number): boolean {
  return NAMES.some((name) => headers.host === `${name}:${port}`);
}

/** Whether a request comes from a page that we served. `none`: what it says when it names no origin. */
export function isFromUs({ headers }: IncomingMessage, port: number, none: boolean): boolean {
  const { origin } = headers;
  if (origin === undefined) return none;
  return NAMES.some((name) => origin === `http://${name}:${port}`);
}

/** What every answer carries: nothing of ours runs elsewhere, and nothing of others runs in our pages. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};
