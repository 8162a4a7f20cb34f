/** Whether a dotted version is at or above another; what cannot be read is below everything. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [mine, least] = [numbers(version), numbers(minimum)];
  if (mine === null || least === null) return false;
  for (let part = 0; part < Math.max(mine.length, least.length); part += 1) {
    const difference = (mine[part] ?? 0) - (least[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** A pre-release counts as its release: whoever runs one knows why. */
function numbers(version: string): number[] | null {
  const [, dotted] = /^v?(\d+(?:\.\d+)*)(?:[-+].*)?$/.exec(version.trim()) ?? [];
  return dotted === undefined ? null : dotted.split(".").map(Number);
}
