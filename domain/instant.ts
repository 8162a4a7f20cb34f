const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** Reads an ISO 8601 UTC time in the `Z` form, with any fraction or none; null when it is something else. */
export function parseInstant(text: string): number | null {
  if (!INSTANT.test(text)) return null;
  const time = Date.parse(text.replace(/(\.\d{3})\d+Z$/, "$1Z"));
  // A day that its month does not have, or the hour 24, would silently roll over into another day.
  return Number.isNaN(time) || !formatInstant(time).startsWith(text.slice(0, 10)) ? null : time;
}

/** Writes Unix milliseconds as ISO 8601 UTC with milliseconds. */
export function formatInstant(time: number): string {
  return new Date(time).toISOString();
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text has the shape of an id (8-4-4-4-12 hex); the version is not looked at. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
