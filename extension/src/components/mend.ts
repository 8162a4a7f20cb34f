/**
 * Brings an object to the contents of another by touching only what differs: what the page shows unchanged stays as it
 * is, with its focus and its selection, though a new view is made several times a second.
 */
export function mend<Shape extends object>(target: Shape, source: Shape): void {
  for (const key of Object.keys(source) as (keyof Shape)[]) {
    const [old, fresh] = [target[key], source[key]];
    if (isPlain(old) && isPlain(fresh)) mend(old, fresh);
    else if (JSON.stringify(old) !== JSON.stringify(fresh)) target[key] = fresh;
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
