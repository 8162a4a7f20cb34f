import { callTwitchApiRaw } from "@twurple/api-call";
import type * as z from "zod";
import type { AppToken } from "./app-token.ts";
import type { TwitchAccess } from "./twitch-access.ts";

/** What a read brought; `failed` covers every way of getting no usable answer, `status` null when there was none. */
export type HelixRead<T> = { kind: "read"; data: T } | { kind: "failed"; status: number | null };

/** One GET, tried once, read with the schema. */
export async function helixGet<T>(
  access: TwitchAccess,
  token: AppToken,
  call: { url: string; query: Record<string, string>; answer: z.ZodType<T>; deadline: AbortSignal },
): Promise<HelixRead<T>> {
  const { url, query, answer, deadline } = call;
  try {
    const options = access.fetchOptions(deadline);
    const response = await callTwitchApiRaw({ url, query }, token.clientId, token.accessToken, "Bearer", options);
    const body: unknown = await response.json().catch(() => undefined);
    const parsed = response.ok ? answer.safeParse(body) : null;
    return parsed?.success ? { kind: "read", data: parsed.data } : { kind: "failed", status: response.status };
  } catch {
    // Whatever broke, there is no answer, and the caller has a word for that.
    return { kind: "failed", status: null };
  }
}

/** Waits for something that has no deadline of its own, but no longer than this one. */
export function until<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(deadline.reason);
    if (deadline.aborted) giveUp();
    deadline.addEventListener("abort", giveUp, { once: true });
    work.then(resolve, reject).finally(() => deadline.removeEventListener("abort", giveUp));
  });
}
