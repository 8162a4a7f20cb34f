/** Why a call brought no answer. `unreachable` alone proves that nothing was written to Twitch. */
export type CallFailure = "timeout" | "unreachable" | "reset";

/** Sorts what fetch threw; when in doubt the request counts as written. */
export function callFailure(error: unknown): CallFailure {
  if (error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError")) return "timeout";
  const cause = error instanceof Error ? error.cause : undefined;
  // A host with several addresses fails with one error for each.
  const causes: unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return causes.length > 0 && causes.every(failedToConnect) ? "unreachable" : "reset";
}

function failedToConnect(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { syscall, code } = cause as NodeJS.ErrnoException;
  return syscall === "connect" || syscall === "getaddrinfo" || code === "UND_ERR_CONNECT_TIMEOUT";
}
