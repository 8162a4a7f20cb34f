/*
 * The drum of a draw, seen from the front: names are slats on a cylinder, seven of them visible, and the one in the middle
 * counts. Positions are functions of time alone, so that whoever looks sees the same slat at the same moment.
 */

/** A slat as it is to be drawn: its distance from the middle in pixels, how tall and how strong it looks. */
export interface Slat {
  /** Which entry of the list is written on it. */
  readonly index: number;
  /** Which place of the drum it is; unlike `index` it never repeats among the visible ones. */
  readonly place: number;
  readonly y: number;
  readonly scale: number;
  readonly opacity: number;
  readonly isChosen: boolean;
}

const VISIBLE = 7;
/** Between two slats; seven of them then span the front of the drum. */
const ANGLE = Math.PI / 8;
/** Whole turns of a short list before it stops, so that a list of one moves too. */
const LEAST_SLATS = 18;

/** How far the drum has turned, in slats, after that share (0 to 1) of its run: even at first, easing out over the last third. */
export function turned(share: number, target: number): number {
  const at = Math.min(1, Math.max(0, share));
  // Speed falls linearly to nothing over the last third; the way before it is 4/5 of all.
  const way = at < 2 / 3 ? 1.2 * at : 1 - 1.8 * (1 - at) ** 2;
  return way * target;
}

/** Where the drum stands in slats when it stops on that entry after a run that can be seen. */
export function target(count: number, chosenIndex: number): number {
  const turns = Math.ceil(LEAST_SLATS / Math.max(1, count));
  return turns * count + chosenIndex;
}

/** The visible slats of a drum of `count` entries that has turned by `position` slats. */
export function slats(count: number, position: number, radius: number, hasStopped: boolean): Slat[] {
  if (count === 0) return [];
  const middle = Math.round(position);
  const half = Math.floor(VISIBLE / 2);
  return Array.from({ length: VISIBLE }, (_, at) => {
    const place = middle + at - half;
    const angle = (place - position) * ANGLE;
    const cosine = Math.max(0, Math.cos(angle));
    return {
      index: ((place % count) + count) % count,
      place,
      y: radius * Math.sin(angle),
      scale: cosine,
      // Never so pale that it cannot be read.
      opacity: 0.6 + 0.4 * cosine,
      isChosen: hasStopped && place === middle,
    };
  });
}
