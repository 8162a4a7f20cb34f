import { REFUSAL_STATUS, type RefusalCode } from "@mgm/domain/refusal";
import { DESCRIBED_ROUTES, refusalsOf } from "./http.ts";
import { code, table } from "./table.ts";

/** Beyond so many routes a list of them says no more than "most". */
const WORTH_LISTING = 6;

/** What each code tells whoever gets it, and what to do. */
const MEANINGS: Readonly<Record<RefusalCode, string>> = {
  duplicate_enrollment: "This enrolment id was used before, by somebody else or for another name. Make a new id.",
  active_payout_exists: "The viewer is being paid already. Wait until that payout has ended.",
  lifetime_cap_reached: "The viewer has had all the gold that one viewer may have.",
  not_enrolled: "The drawn viewer left the pool before the report came.",
  invalid_character_name: "No character can have this name; `details.reason` says why.",
  invalid_payload: "A field is missing or has not its form. Repeating the same request brings the same answer.",
  unauthorized: "The token is missing, has ended, or is another channel's. Get a new one from Twitch.",
  forbidden: "The token is good, but its bearer may not do this; `details.reason` may say why.",
  forbidden_apikey: "The desktop's key is missing or wrong.",
  not_subscriber: "Only subscribers of the channel may. Also said while it cannot be asked, because nobody logged in.",
  terminal_status_change_not_allowed: "The payout has ended; `details.status` says how. It stays so.",
  status_change_not_allowed: "Not from this status, or not by this caller.",
  not_found: "There is no such thing, or the id in the path has not the form of one.",
  pool_empty: "That spin had no candidate.",
  character_name_taken_in_pool: "Another viewer holds this name.",
  character_name_mismatch: "The name is not the one that was drawn.",
  out_of_sequence: "The report is about a spin that nobody knows, that is over, or that was decided otherwise.",
  gift_already_used: "The viewer has had their one gift.",
  gift_request_active: "The viewer's last request is still open.",
  invalid_state: "The gift request is in a state in which this cannot happen; `details.state` names it.",
  desktop_not_active: "Another desktop is the active one. Take over, or leave it alone.",
  held_by_other_desktop: "Another desktop took this payout up. It must be unlocked first.",
  rate_limited: "Too many requests in this minute. `Retry-After` says how long to wait.",
  payload_too_large: "The body is above 64 KiB.",
  unsupported_media_type: "The body is not declared as JSON.",
  method_not_allowed: "The path exists, the method does not; `Allow` names those that do.",
  temporarily_unavailable:
    "A part that is needed is away. The request may have taken effect; repeat it after `Retry-After`.",
  internal: "A defect of ours. The request's id leads to it in the log.",
};

/** The table of codes. */
export function errorCodes(): string {
  return table(
    ["code", "status", "what it means", "routes"],
    Object.entries(REFUSAL_STATUS).map(([name, status]) => [
      code(name),
      String(status),
      MEANINGS[name as RefusalCode],
      routesWith(name),
    ]),
  );
}

function routesWith(name: string): string {
  const found = DESCRIBED_ROUTES.filter((route) => refusalsOf(route).some(({ codes }) => codes.includes(name)));
  if (found.length > WORTH_LISTING) return `${found.length} of ${DESCRIBED_ROUTES.length}`;
  if (found.length === 0) return "outside of routes";
  return found.map(({ method, path }) => code(`${method} ${path}`)).join(", ");
}
