import { errorCodes } from "./errors.ts";
import { eventsADay, historyEvents } from "./histories.ts";
import { routes } from "./http.ts";
import { economics, giftEvents, payoutChanges, timings } from "./numbers.ts";
import { otherPages } from "./other-pages.ts";
import { settings } from "./settings.ts";
import { commands, forgedLines, names, tags } from "./tags-and-commands.ts";

/*
 * A page may hold parts that are written by a program, each between two comments that readers do not see:
 *
 *     <!-- made by `npm run docs`: routes -->
 *     …
 *     <!-- end -->
 */

/** Who writes what. */
const PARTS: Readonly<Record<string, () => string>> = {
  settings,
  routes,
  "error-codes": errorCodes,
  tags,
  "forged-lines": forgedLines,
  commands,
  names,
  timings,
  economics,
  "payout-changes": payoutChanges,
  "gift-events": giftEvents,
  "history-events": historyEvents,
  "events-a-day": eventsADay,
  "other-pages": otherPages,
};

const PART = /(<!-- made by `npm run docs`: ([a-z-]+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The page with all its made parts made anew; the names of parts that are no longer anybody's are faults. */
export function withFreshParts(text: string): string {
  return text.replace(PART, (_, begin: string, name: string, end: string) => {
    const make = PARTS[name];
    if (make === undefined) throw new Error(`nobody makes the part "${name}"`);
    const made = make().trim();
    return made === "" ? `${begin}${end}` : `${begin}\n${made}\n\n${end}`;
  });
}

/** The names of the parts in a page. */
export function partsOf(text: string): string[] {
  return [...text.matchAll(PART)].map(([, , name = ""]) => name);
}

/** All parts that can be made. */
export const PART_NAMES: readonly string[] = Object.keys(PARTS);
