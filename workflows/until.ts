/** Milliseconds from the workflow's now to an absolute time; at least 1, because 0 would take another path. */
export function untilMs(time: number): number {
  return Math.max(1, time - Date.now());
}
