import type { ActionData, ActionResult } from "../../wire/protocol.ts";
import { type ApiAnswer, codeOfAnswer } from "../http/api-answer.ts";

/** It is done. */
export function done(data: ActionData | null = null): ActionResult {
  return { ok: true, data };
}

/** It is not, and why. */
export function failed(code: string, details: Readonly<Record<string, string>> = {}): ActionResult {
  return { ok: false, code, details };
}

/** What the bridge needs a connection for cannot be asked without one. */
export const NOT_CONNECTED = failed("not_set_up");

/** An answer of the API as what came of an action. */
export function resultOf(answer: ApiAnswer<unknown>): ActionResult {
  const code = codeOfAnswer(answer);
  return code === null ? done() : failed(code);
}
