import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./page.ts";

/*
 * docs/pictures/overview.svg: how the parts fit. Written from the lists below, so that a box that moves takes its arrows
 * along. It has a ground of its own and follows the reader's light or dark.
 */

const WIDTH = 1040;
const HEIGHT = 610;

/** A box; `lines` are its title and what it is. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly lines: readonly string[];
}

const GROUNDS: readonly (Box & { readonly title: string })[] = [
  { x: 20, y: 56, w: 236, h: 534, title: "Twitch", lines: [] },
  { x: 366, y: 56, w: 310, h: 534, title: "Server", lines: [] },
  { x: 776, y: 56, w: 244, h: 534, title: "Streamer's machine", lines: [] },
];

const BOXES = {
  extension: {
    x: 40,
    y: 96,
    w: 196,
    h: 146,
    lines: ["Extension", "panel, mobile, overlay:", "the wheel, who won;", "config, live page:", "for the streamer"],
  },
  chat: { x: 40, y: 446, w: 196, h: 98, lines: ["Chat", "viewers type", "!twgold <Character>"] },
  api: { x: 386, y: 140, w: 270, h: 92, lines: ["API (Koa)", "HTTP in, rows and", "messages out"] },
  temporal: { x: 386, y: 310, w: 126, h: 98, lines: ["Temporal", "timers,", "histories"] },
  postgres: { x: 530, y: 310, w: 126, h: 98, lines: ["PostgreSQL", "pool, draws,", "payouts"] },
  worker: { x: 386, y: 478, w: 270, h: 92, lines: ["Worker", "spins, payouts, gifts:", "one workflow each"] },
  desktop: {
    x: 796,
    y: 140,
    w: 204,
    h: 116,
    lines: ["Desktop", "window: queue, Sync;", "bridge: reads the log,", "types commands"],
  },
  game: {
    x: 796,
    y: 404,
    w: 204,
    h: 166,
    lines: ["Game with addon", "WoW 3.3.5a, Lua:", "/who, whispers, mail;", "its log proves", "what was mailed"],
  },
} as const satisfies Record<string, Box>;

/** An arrow from point to point with its words; `both` has a head at either end. */
interface Arrow {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly both?: true;
  readonly words: readonly {
    readonly x: number;
    readonly y: number;
    readonly text: string;
    readonly anchor?: "middle" | "start" | "end";
  }[];
}

const right = (box: Box, dy: number): [number, number] => [box.x + box.w, box.y + dy];
const left = (box: Box, dy: number): [number, number] => [box.x, box.y + dy];
const top = (box: Box, dx: number): [number, number] => [box.x + dx, box.y];
const bottom = (box: Box, dx: number): [number, number] => [box.x + dx, box.y + box.h];

const { chat, extension, api, worker, temporal, postgres, desktop, game } = BOXES;

const ARROWS: readonly Arrow[] = [
  {
    from: right(extension, 74),
    to: left(api, 30),
    both: true,
    words: [
      { x: 311, y: 144, text: "what is,", anchor: "middle" },
      { x: 311, y: 160, text: "as it comes", anchor: "middle" },
    ],
  },
  {
    from: right(chat, 20),
    to: left(api, 76),
    words: [
      { x: 296, y: 394, text: "signed" },
      { x: 296, y: 410, text: "EventSub" },
    ],
  },
  {
    from: left(worker, 46),
    to: right(chat, 78),
    words: [
      { x: 311, y: 548, text: "“sent”,", anchor: "middle" },
      { x: 311, y: 564, text: "told once", anchor: "middle" },
    ],
  },
  { from: bottom(api, 63), to: top(temporal, 63), both: true, words: [{ x: 458, y: 276, text: "messages" }] },
  { from: bottom(api, 207), to: top(postgres, 63), both: true, words: [{ x: 602, y: 276, text: "facts" }] },
  { from: bottom(temporal, 63), to: top(worker, 63), both: true, words: [{ x: 458, y: 448, text: "work" }] },
  { from: bottom(postgres, 63), to: top(worker, 207), both: true, words: [{ x: 602, y: 448, text: "rows" }] },
  {
    from: left(desktop, 46),
    to: right(api, 46),
    both: true,
    words: [
      { x: 726, y: 152, text: "who is drawn,", anchor: "middle" },
      { x: 726, y: 168, text: "who is owed;", anchor: "middle" },
      { x: 726, y: 208, text: "what the", anchor: "middle" },
      { x: 726, y: 224, text: "game said", anchor: "middle" },
    ],
  },
  {
    from: bottom(desktop, 60),
    to: top(game, 60),
    words: [
      { x: 848, y: 324, text: "types", anchor: "end" },
      { x: 848, y: 340, text: "/run …", anchor: "end" },
    ],
  },
  {
    from: top(game, 146),
    to: bottom(desktop, 146),
    words: [
      { x: 934, y: 324, text: "chat log", anchor: "end" },
      { x: 934, y: 340, text: "[MGM_…]", anchor: "end" },
    ],
  },
];

const STYLE = `
  :root { --bg:#F3E7CE; --surface:#FBF5E6; --line:#CDB68C; --ink:#2A2018; --muted:#685540; --brass:#7A4E0E; }
  @media (prefers-color-scheme: dark) {
    :root { --bg:#191410; --surface:#251D16; --line:#54432E; --ink:#F4E8CF; --muted:#BBA98B; --brass:#E9B654; }
  }
  text { font-family: "Alegreya Sans", "Segoe UI", system-ui, sans-serif; font-size: 15px; fill: var(--ink); }
  .title { font-weight: 700; fill: var(--brass); font-size: 16px; }
  .ground { fill: none; stroke: var(--line); stroke-dasharray: 4 4; }
  .box { fill: var(--surface); stroke: var(--line); stroke-width: 1.5; }
  .words, .where { fill: var(--muted); font-size: 14px; }
  .arrow { stroke: var(--brass); stroke-width: 1.75; fill: none; }
  .head { fill: var(--brass); }`;

/** Writes the picture. */
export function overviewPicture(): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title">
<title id="title">How the parts of Mimiron's Gold-o-Matic fit together</title>
<style>${STYLE}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="head" d="M0 0 8 4 0 8Z"/></marker></defs>
<rect width="${WIDTH}" height="${HEIGHT}" rx="10" style="fill:var(--bg)"/>
<text x="20" y="36" class="title">From a line in chat to a mail in the game, and back as proof</text>
${GROUNDS.map(({ x, y, w, h, title }) => `<rect class="ground" x="${x}" y="${y}" width="${w}" height="${h}" rx="8"/><text class="where" x="${x + 14}" y="${y + 24}">${escaped(title)}</text>`).join("\n")}
${Object.values(BOXES).map(boxOf).join("\n")}
${ARROWS.map(arrowOf).join("\n")}
</svg>
`;
}

function boxOf({ x, y, w, h, lines }: Box): string {
  const texts = lines.map(
    (line, at) =>
      `<text${at === 0 ? ' class="title"' : ""} x="${x + 12}" y="${y + 26 + at * 22}">${escaped(line)}</text>`,
  );
  return `<rect class="box" x="${x}" y="${y}" width="${w}" height="${h}" rx="7"/>${texts.join("")}`;
}

function arrowOf({ from, to, both, words }: Arrow): string {
  const texts = words.map(
    ({ x, y, text, anchor = "start" }) =>
      `<text class="words" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(text)}</text>`,
  );
  const ends = `marker-end="url(#head)"${both ? ' marker-start="url(#head)"' : ""}`;
  return `<path class="arrow" d="M${from.join(" ")} ${to.join(" ")}" ${ends}/>${texts.join("")}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Where it is kept. */
export const OVERVIEW_FILE = "docs/pictures/overview.svg";

/** Writes it there. */
export function writeOverviewPicture(): void {
  writeFileSync(join(ROOT, OVERVIEW_FILE), overviewPicture());
}
