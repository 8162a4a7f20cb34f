import type { RefusalCode } from "@mgm/domain/refusal";
import type { RouteSpec } from "./route.ts";

/** Every code that a request to this route may be refused with. */
export function codesOf(spec: RouteSpec): RefusalCode[] {
  const codes = new Set<RefusalCode>(["internal"]);
  const add = (applies: unknown, ...more: RefusalCode[]): void => {
    if (applies) for (const code of more) codes.add(code);
  };
  const carriesToken = spec.who === "viewer" || spec.who === "moderator" || spec.who === "broadcaster";
  add(carriesToken, "unauthorized");
  add((carriesToken && spec.who !== "viewer") || spec.needsIdentity, "forbidden");
  // A desktop may name itself in a header, which has a form too.
  add(spec.who === "desktop", "forbidden_apikey", "invalid_payload");
  add(!spec.isUncounted, "rate_limited");
  add(spec.params, "not_found");
  add(spec.query, "invalid_payload");
  add(spec.body, "invalid_payload", "payload_too_large", "unsupported_media_type");
  add(spec.needsLease, "desktop_not_active");
  add(spec.who !== "anyone", "temporarily_unavailable");
  add(true, ...(spec.codes ?? []));
  return [...codes].sort();
}
