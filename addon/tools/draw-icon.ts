import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/*
 * Draws the addon's icon, a brass gear with a coin for its hub on a dark round plate, as the uncompressed 64 by 64 TGA that
 * the 3.3.5a client reads. Run it after a change: `node --import tsx addon/tools/draw-icon.ts`.
 */

type Colour = readonly [red: number, green: number, blue: number];

const SIZE = 64;
/** Each pixel is the mean of so many samples in both directions, which smooths the edges. */
const SAMPLES = 4;
const TEETH = 10;

const PLATE: Colour = [0x19, 0x14, 0x10];
const BRASS_LIGHT: Colour = [0xe9, 0xb6, 0x54];
const BRASS_DARK: Colour = [0x8a, 0x65, 0x26];
const COIN: Colour = [0xf4, 0xd0, 0x7a];
const RIM: Colour = [0x54, 0x43, 0x2e];

/** The colour at a point, from -1 to 1 in both directions with y downwards; null outside the plate. */
function colourAt(x: number, y: number): Colour | null {
  const radius = Math.hypot(x, y);
  if (radius > 0.98) return null;
  if (radius > 0.92) return RIM;
  const angle = Math.atan2(y, x);
  const tooth = ((((angle / (2 * Math.PI)) * TEETH) % 1) + 1) % 1;
  // A tooth narrows towards its tip.
  const halfWidth = 0.3 - (radius - 0.6) * 0.45;
  const isTooth = radius <= 0.84 && Math.abs(tooth - 0.5) < halfWidth;
  if (radius < 0.26) return radius > 0.2 ? BRASS_DARK : COIN;
  if (radius < 0.38) return PLATE;
  if (radius < 0.64 || isTooth) return mix(BRASS_DARK, BRASS_LIGHT, (1 - (x + y) / 1.4) / 2);
  return PLATE;
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const part = Math.min(1, Math.max(0, share));
  const at = (index: 0 | 1 | 2) => from[index] + (to[index] - from[index]) * part;
  return [at(0), at(1), at(2)];
}

function pixel(column: number, row: number): [blue: number, green: number, red: number, alpha: number] {
  let [red, green, blue, hits] = [0, 0, 0, 0];
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
    const x = (column + ((sample % SAMPLES) + 0.5) / SAMPLES) / (SIZE / 2) - 1;
    const y = (row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / (SIZE / 2) - 1;
    const colour = colourAt(x, y);
    if (colour === null) continue;
    red += colour[0];
    green += colour[1];
    blue += colour[2];
    hits += 1;
  }
  const mean = (sum: number) => (hits === 0 ? 0 : Math.round(sum / hits));
  return [mean(blue), mean(green), mean(red), Math.round((hits / SAMPLES ** 2) * 255)];
}

/** The icon's file. */
export function drawIcon(): Buffer {
  const header = Buffer.alloc(18);
  header[2] = 2; // uncompressed true colour
  header.writeUInt16LE(SIZE, 12);
  header.writeUInt16LE(SIZE, 14);
  header[16] = 32;
  header[17] = 8 | 0x20; // eight bits of alpha, first row on top
  const pixels: number[] = [];
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) pixels.push(...pixel(column, row));
  }
  return Buffer.concat([header, Buffer.from(pixels)]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(new URL("../MimironsGoldOMatic/Icon.tga", import.meta.url), drawIcon());
}
