/** Whether a version comes before another; anything that is no number counts as 0. */
export function isOlder(version: string, minimum: string): boolean {
  const left = partsOf(version);
  const right = partsOf(minimum);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function partsOf(version: string): number[] {
  return version.split(".").map((part) => Number.parseInt(part, 10) || 0);
}
