import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { CommandRequest } from "../commands/command-queue.ts";
import * as texts from "../commands/command-text.ts";
import type { ApiAnswer } from "../http/api-answer.ts";
import type { VersionDto } from "../http/api-client.ts";
import { ONLY, put, type Store } from "../store/store.ts";
import { typedHello } from "../trust/hello-schedule.ts";
import { NO_TRUST, nextHello } from "../trust/trust.ts";
import type { Session } from "./session.ts";
import { isAtLeast } from "./versions.ts";

/** The same nonce typed again tells the addon that its way into the log failed: not before it had its time. */
const HELLO_PAUSE_MS = 60_000;

/** Asks for a hello. Each strategy tries it once: the schedule wants it again when it stays unanswered. */
export function helloRequest(
  { store, session, clock }: { readonly store: Store; readonly session: Session; readonly clock: Clock },
  kind: "hello" | "hello_by_hand",
): CommandRequest {
  const text = async () => {
    const trust = store.get("trust", ONLY) ?? NO_TRUST;
    const next = nextHello(trust, clock.now(), (bytes) => randomBytes(bytes).toString("hex"));
    // Secrets that are typed and forgotten would make the addon's next words worthless.
    await store.commit([put("trust", ONLY, next.trust)]);
    session.helloSchedule = typedHello(session.helloSchedule, clock.now());
    return texts.hello(next.nonce, next.key);
  };
  return { about: "hello", kind, text, attempts: 1, unansweredPauseMs: HELLO_PAUSE_MS };
}

/** What telling the addon its version is about. */
export const ABOUT_UPDATE = "update_status";

/** Tells the addon how its version stands. */
export function updateRequest(installed: string, answer: ApiAnswer<VersionDto>): CommandRequest {
  const latest = answer.kind === "ok" ? answer.body.version : "";
  const text = () => texts.updateStatus(latest, installed, updateCode(installed, answer));
  return { about: ABOUT_UPDATE, kind: "update_status", text };
}

function updateCode(installed: string, answer: ApiAnswer<VersionDto>): texts.UpdateCode {
  if (answer.kind !== "ok") return "unreachable";
  if (!isAtLeast(installed, answer.body.minimumAddonVersion)) return "too_old";
  return isAtLeast(installed, answer.body.version) ? "current" : "newer";
}
