const paths = {
  "/helix/chat/messages": "chat",
  "/helix/users": "users",
  "/helix/subscriptions": "subscriptions",
  "/helix/eventsub/subscriptions": "eventsub",
  "/helix/extensions/pubsub": "pubsub",
  "/oauth2/token": "token",
  "/oauth2/device": "device",
  "/oauth2/validate": "validate",
} as const;

/** The endpoints that the simulator answers, by the names that faults and request counts use. */
export type Endpoint = (typeof paths)[keyof typeof paths];

/** The endpoint behind a request path, null for anything that we never call. */
export function endpointOf(path: string): Endpoint | null {
  return Object.hasOwn(paths, path) ? paths[path as keyof typeof paths] : null;
}
