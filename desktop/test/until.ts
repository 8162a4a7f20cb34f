const LIMIT_MS = 30_000;

/** Looks, letting everything else run in between, until it is so; fails when that takes too long. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error("it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
