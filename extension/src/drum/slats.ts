/** A drum as it is seen from the front: its radius, and the angle from one slat to the next. */
export interface DrumShape {
  readonly radius: number;
  readonly step: number;
  /** Slats that are seen above and below the middle one. */
  readonly eachSide: number;
}

/** One slat as it is seen from the front. */
export interface SeenSlat {
  readonly name: string;
  /** Distance of its middle from the drum's, downwards. */
  readonly y: number;
  /** Share of its full height. */
  readonly squeeze: number;
  readonly opacity: number;
}

/** Below this height in pixels seven slats would be too small to read. */
const LOW = 110;

/** The shape for a place of this height: seven slats, five where it is low. */
export function drumShape(height: number): DrumShape {
  return height < LOW
    ? { radius: (height - 12) / 2, step: 0.58, eachSide: 2 }
    : { radius: (height - 16) / 2, step: 0.42, eachSide: 3 };
}

/** How many slats are drawn: one more than are seen, because one comes while another goes. */
export function drawnSlats({ eachSide }: DrumShape): number {
  return 2 * eachSide + 2;
}

/** The slats around a position, from the top down. Lower ones come up as the drum runs. */
export function seenSlats(slats: readonly string[], position: number, shape: DrumShape): readonly SeenSlat[] {
  const first = Math.floor(position) - shape.eachSide;
  return Array.from({ length: drawnSlats(shape) }, (_, index) => {
    const slat = first + index;
    const angle = (slat - position) * shape.step;
    const squeeze = Math.max(0, Math.cos(angle));
    return {
      name: slatAt(slats, slat),
      y: shape.radius * Math.sin(Math.max(-Math.PI / 2, Math.min(Math.PI / 2, angle))),
      squeeze,
      opacity: squeeze ** 1.5,
    };
  });
}

/** What stands on a slat; the drum repeats itself in both directions. */
export function slatAt(slats: readonly string[], slat: number): string {
  return slats[((slat % slats.length) + slats.length) % slats.length] ?? "";
}

/** Height of a slat in the middle that leaves no gap to its neighbours. */
export function slatHeight({ radius, step }: DrumShape): number {
  return 2 * radius * Math.sin(step / 2);
}
