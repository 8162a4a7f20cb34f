import { viewers } from "@mgm/simulator/twitch/viewers";

/*
 * What a page shows of a terminal, held against what a terminal shows. Compared is what stays the same from one run to the
 * next: times, ports, ids, tokens and who was drawn are any; `…` stands for anything at all.
 */

const PEOPLE = new RegExp(
  viewers
    .flatMap(({ character, displayName }) => [displayName, character])
    .sort((a, b) => b.length - a.length)
    .join("|"),
  "g",
);

/** The lines of `shown` that `actual` does not have, after the first that is missing none is looked for. */
export function missingLines(shown: readonly string[], actual: string): string[] {
  const lines = actual.split("\n").map(stable);
  let at = 0;
  for (const [index, line] of shown.entries()) {
    const pattern = patternOf(line);
    const found = lines.findIndex((one, place) => place >= at && pattern.test(one));
    if (found < 0) return shown.slice(index);
    at = found + 1;
  }
  return [];
}

function patternOf(line: string): RegExp {
  const parts = stable(line)
    .split("…")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

/** A line with everything that changes from run to run taken for the same. */
function stable(line: string): string {
  return line
    .replace(PEOPLE, "<who>")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
    .replace(/\b[0-9a-f]{32,}\b/g, "<hex>")
    .replace(/[0-9][0-9.,:]*/g, "<n>")
    .replace(/\s+/g, " ")
    .trim();
}
