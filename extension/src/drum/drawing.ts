import { gearPath } from "./gear.ts";
import { drawnSlats, drumShape, seenSlats, slatAt, slatHeight } from "./slats.ts";

/*
 * The drum as SVG, in the pixels of its place: a brass frame, the slats in it, two pointers at the middle, and two gears
 * that drive it and run off the edges. Shapes are made once per size; a frame only moves them.
 */

const SVG = "http://www.w3.org/2000/svg";
const GEAR_TEETH = 14;
/** Teeth of the drum that the gears mesh with: it turns that much slower. */
const DRUM_TEETH = 40;
const FADE_MS = 400;

interface Slat {
  readonly group: SVGElement;
  readonly plate: SVGElement;
  readonly text: SVGElement;
  readonly rivets: readonly SVGElement[];
}

/** Draws a drum into an element. */
export class DrumDrawing {
  readonly #svg: SVGElement;
  #slats: readonly Slat[] = [];
  #gears: readonly { readonly path: SVGElement; readonly x: number }[] = [];
  #shape = drumShape(0);
  #height = 0;
  #middleX = 0;
  #shown = "";
  #middle = "";

  constructor(place: HTMLElement) {
    this.#svg = make("svg", { "aria-hidden": "true", focusable: "false" });
    place.replaceChildren(this.#svg);
  }

  /** Makes it anew for a place of this size in pixels. */
  fit(width: number, height: number): void {
    if (width < 1 || height < 1) return;
    const gearRadius = Math.min(64, Math.max(34, height * 0.25));
    // Gears peep out beside the frame and run off the edge.
    const frameX = gearRadius * 0.83;
    const frameWidth = width - 2 * frameX;
    this.#height = height;
    this.#shape = drumShape(height);
    this.#middleX = width / 2;
    const slatWidth = frameWidth - 10;
    const frame = { x: frameX + 1, y: 1, width: frameWidth - 2, height: height - 2, rx: 7 };
    const clip = make("clipPath", { id: "drum-clip" });
    clip.append(make("rect", { x: frameX + 5, y: 5, width: slatWidth, height: height - 10 }));
    this.#gears = [frameX * 0.35, width - frameX * 0.35].map((x) => ({
      path: make("path", { class: "gear", d: gearPath(gearRadius, GEAR_TEETH), "fill-rule": "evenodd" }),
      x,
    }));
    const slats = make("g", { "clip-path": "url(#drum-clip)" });
    this.#slats = Array.from({ length: drawnSlats(this.#shape) }, () => this.#makeSlat(slatWidth));
    slats.append(...this.#slats.map(({ group }) => group));
    const y = height / 2;
    const pointers = [
      `M${frameX - 7} ${y - 9}L${frameX + 9} ${y}L${frameX - 7} ${y + 9}Z`,
      `M${width - frameX + 7} ${y - 9}L${width - frameX - 9} ${y}L${width - frameX + 7} ${y + 9}Z`,
    ];
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#svg.replaceChildren(
      clip,
      ...this.#gears.map(({ path }) => path),
      make("rect", { class: "well", ...frame }),
      slats,
      make("rect", { class: "frame", ...frame }),
      ...pointers.map((d) => make("path", { class: "pointer", d })),
    );
    this.#shown = "";
  }

  /** Shows the drum at a position. A still drum fades where it changes. */
  show(slats: readonly string[], pose: { readonly position: number }, isStill: boolean): void {
    const key = `${pose.position.toFixed(3)}/${slats.join()}`;
    if (key === this.#shown || this.#slats.length === 0) return;
    this.#shown = key;
    const seen = seenSlats(slats, pose.position, this.#shape);
    seen.forEach((slat, index) => {
      this.#place(this.#slats[index], slat, Math.abs(slat.y) <= slatHeight(this.#shape) / 2);
    });
    const turn = (pose.position * this.#shape.step * 180 * DRUM_TEETH) / (Math.PI * GEAR_TEETH);
    this.#gears.forEach(({ path, x }, index) => {
      const angle = (index === 0 ? turn : -turn) % 360;
      path.setAttribute("transform", `translate(${x} ${this.#height / 2}) rotate(${angle.toFixed(2)})`);
    });
    const middle = slatAt(slats, Math.round(pose.position));
    if (isStill && middle !== this.#middle) this.#svg.animate([{ opacity: 0 }, { opacity: 1 }], FADE_MS);
    this.#middle = middle;
  }

  #makeSlat(width: number): Slat {
    const height = slatHeight(this.#shape);
    const group = make("g", {});
    const plate = make("rect", { x: -width / 2, y: -height / 2, width, height: Math.max(1, height - 1) });
    const size = Math.min(24, height * 0.6);
    const text = make("text", { "text-anchor": "middle", y: size * 0.34, "font-size": size.toFixed(1) });
    const rivets = [-1, 1].map((side) => make("circle", { cx: side * (width / 2 - 9), cy: 0, r: 2.4 }));
    group.append(plate, ...rivets, text);
    return { group, plate, text, rivets };
  }

  #place(
    slat: Slat | undefined,
    seen: { name: string; y: number; squeeze: number; opacity: number },
    isMiddle: boolean,
  ) {
    if (slat === undefined) return;
    const y = (this.#height / 2 + seen.y).toFixed(2);
    slat.group.setAttribute("class", isMiddle ? "slat middle" : "slat");
    slat.group.setAttribute("transform", `translate(${this.#middleX} ${y}) scale(1 ${seen.squeeze.toFixed(4)})`);
    slat.text.setAttribute("opacity", seen.opacity.toFixed(3));
    slat.plate.setAttribute("opacity", (0.45 + 0.55 * seen.opacity).toFixed(3));
    if (slat.text.textContent !== seen.name) slat.text.textContent = seen.name;
  }
}

function make(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
