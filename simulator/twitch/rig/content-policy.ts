/*
 * The content policy under which Twitch serves an extension's files: only its own scripts and the helper, nothing inline,
 * no eval; requests only to itself, to Twitch and to the allowed domains. `frame-ancestors` is left to whoever frames.
 */

/** The policy's header for an extension of this origin that may call these addresses. */
export function contentPolicy(options: { readonly apiOrigins: readonly string[]; readonly framedBy: string }): string {
  const self = "'self'";
  const directives: Readonly<Record<string, readonly string[]>> = {
    "default-src": [self],
    "script-src": [self, "https://extension-files.twitch.tv", "https://www.google-analytics.com"],
    "style-src": [self, "'unsafe-inline'", "https://fonts.googleapis.com"],
    "connect-src": [self, "https://api.twitch.tv", "wss://pubsub-edge.twitch.tv", ...options.apiOrigins],
    "img-src": [self, "data:", "blob:"],
    "media-src": [self, "data:", "blob:"],
    "font-src": [self, "https://fonts.gstatic.com"],
    "frame-ancestors": [options.framedBy],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(" ")}`)
    .join("; ");
}
