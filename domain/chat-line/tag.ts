import { isId } from "../instant.ts";
import {
  type BagStack,
  type DescribedItem,
  formatHelloPayload,
  formatItem,
  formatItems,
  formatWho,
  type Hello,
  type PayloadFault,
  type PayloadResult,
  parseItem,
  parseItems,
  parseWho,
  type WhoReport,
} from "./payload.ts";

/** What the brackets of a tag hold besides its name. */
interface Argument {
  readonly isSubject: (text: string) => boolean;
  /** Whether `:<i>/<n>` may follow. */
  readonly inParts: boolean;
}

const NOTHING = null;
const ID: Argument = { isSubject: isId, inParts: false };
const ID_IN_PARTS: Argument = { isSubject: isId, inParts: true };
// Fifteen digits are exact in every number of either language; the counter, Unix seconds at least, needs ten.
const COMMAND_NUMBER: Argument = { isSubject: (text) => /^\d{1,15}$/.test(text), inParts: false };
const NONCE_IN_PARTS: Argument = { isSubject: (text) => /^[0-9a-f]{32}$/i.test(text), inParts: true };

const ARGUMENTS = {
  WHO: NOTHING,
  ACCEPT: ID,
  CONFIRM: ID,
  SENDING: ID,
  FAILED: ID,
  ITEMS: ID_IN_PARTS,
  ITEM: ID_IN_PARTS,
  GIFT_ACCEPT: ID,
  GIFT_DECLINE: ID,
  GIFT_SENT: ID,
  ACK: COMMAND_NUMBER,
  READY: NOTHING,
  BYE: NOTHING,
  UPDATE_CHECK: NOTHING,
  HELLO: NONCE_IN_PARTS,
} as const;

/** Every tag of the bridge. */
export type TagName = keyof typeof ARGUMENTS;

/** Tags that need the key: all but HELLO. */
export type KeyedTagName = Exclude<TagName, "HELLO">;

/** Tags that say one thing about one payout or gift request. */
export type EventTagName = "ACCEPT" | "CONFIRM" | "SENDING" | "FAILED" | "GIFT_ACCEPT" | "GIFT_DECLINE" | "GIFT_SENT";

/** A whole tag that needs the key; ids in lower case. */
export type Tag =
  | { readonly name: EventTagName; readonly id: string }
  | { readonly name: "READY" | "BYE" | "UPDATE_CHECK" }
  | { readonly name: "ACK"; readonly number: number }
  | { readonly name: "WHO"; readonly report: WhoReport }
  | { readonly name: "ITEMS"; readonly id: string; readonly stacks: readonly BagStack[] }
  | { readonly name: "ITEM"; readonly id: string; readonly item: DescribedItem };

/** Which piece of how many; counted from 1. */
export interface PartPlace {
  readonly index: number;
  readonly total: number;
}

/** One piece of a payload too long for one line. */
export interface TagPart {
  readonly name: "ITEMS" | "ITEM";
  readonly id: string;
  readonly place: PartPlace;
  /** Exactly as it was written: white space at its ends may belong to a word that was cut. */
  readonly piece: string;
}

/** The bracketed beginning of a tag. `subject` is the id, number or nonce, in lower case; null where there is none. */
export interface TagHead {
  readonly name: TagName;
  readonly subject: string | null;
  readonly place: PartPlace | null;
}

/** Why the brackets hold no tag. */
export type HeadFault = "unknown_tag" | "invalid_argument";

/** The brackets of a tag and what follows them, or why they hold none. */
export type HeadResult =
  | { readonly ok: true; readonly head: TagHead; readonly rest: string }
  | { readonly ok: false; readonly name: string; readonly reason: HeadFault };

const BRACKETS = /^\[MGM_([A-Z_]+)([^\]]*)\]/;

/** Reads the brackets at the beginning of a text. */
export function parseTagHead(text: string): HeadResult {
  const [brackets = "", name = "", argumentText = ""] = BRACKETS.exec(text) ?? [];
  if (!isTagName(name)) return { ok: false, name, reason: "unknown_tag" };
  const argument = parseArgument(ARGUMENTS[name], argumentText);
  if (argument === null) return { ok: false, name, reason: "invalid_argument" };
  return { ok: true, head: { name, ...argument }, rest: text.slice(brackets.length) };
}

/** Writes the brackets of a tag. */
export function formatTagHead({ name, subject, place }: TagHead): string {
  const argument = subject === null ? "" : `:${subject}`;
  return `[MGM_${name}${argument}${place === null ? "" : `:${place.index}/${place.total}`}]`;
}

/** Reads what stands between the brackets and the key: the rest of a whole tag, or one piece. */
export function parseTagBody(
  { name, subject, place }: TagHead & { readonly name: KeyedTagName },
  body: string,
): BodyResult {
  const id = subject ?? "";
  switch (name) {
    case "WHO":
      return whole(parseWho(body), (report) => ({ name, report }));
    case "ITEMS":
    case "ITEM":
      return place === null ? parseAssembled({ name, id }, body) : { ok: true, part: { name, id, place, piece: body } };
    default:
      if (body.trim() !== "") return { ok: false, reason: "unexpected_text" };
      return { ok: true, tag: bareTag(name, id) };
  }
}

/** A tag or a piece of one, or why there is none. */
export type BodyResult =
  | { readonly ok: true; readonly tag: Tag }
  | { readonly ok: true; readonly part: TagPart }
  | { readonly ok: false; readonly reason: BodyFault };

/** Why what follows the brackets is not what that tag says. */
export type BodyFault = PayloadFault | "unexpected_text";

/** Reads the payload of ITEMS or ITEM, put together from its pieces or from one line. */
export function parseAssembled(
  { name, id }: Pick<TagPart, "name" | "id">,
  payload: string,
): { readonly ok: true; readonly tag: Tag } | { readonly ok: false; readonly reason: PayloadFault } {
  return name === "ITEMS"
    ? whole(parseItems(payload), (stacks) => ({ name, id, stacks }))
    : whole(parseItem(payload), (item) => ({ name, id, item }));
}

/** Writes a tag or a piece of one as it follows the timestamp or the whisper prefix. */
export function formatTag(tag: Tag | TagPart, key: string): string {
  const subject = "id" in tag ? tag.id : tag.name === "ACK" ? String(tag.number) : null;
  const place = "place" in tag ? tag.place : null;
  return `${formatTagHead({ name: tag.name, subject, place })}${formatBody(tag)} #${key}`;
}

/** Writes a hello in one line. */
export function formatHello(nonce: string, hello: Hello): string {
  return formatTagHead({ name: "HELLO", subject: nonce, place: null }) + formatHelloPayload(hello);
}

/** Writes one piece of a hello. */
export function formatHelloPart(nonce: string, place: PartPlace, piece: string): string {
  return formatTagHead({ name: "HELLO", subject: nonce, place }) + piece;
}

function formatBody(tag: Tag | TagPart): string {
  if ("piece" in tag) return tag.piece;
  switch (tag.name) {
    case "WHO":
      return formatWho(tag.report);
    case "ITEMS":
      return formatItems(tag.stacks);
    case "ITEM":
      return formatItem(tag.item);
    default:
      return "";
  }
}

function bareTag(name: Exclude<KeyedTagName, "WHO" | "ITEMS" | "ITEM">, subject: string): Tag {
  switch (name) {
    case "READY":
    case "BYE":
    case "UPDATE_CHECK":
      return { name };
    case "ACK":
      return { name, number: Number(subject) };
    default:
      return { name, id: subject };
  }
}

function whole<T>(
  payload: PayloadResult<T>,
  build: (value: T) => Tag,
): { readonly ok: true; readonly tag: Tag } | { readonly ok: false; readonly reason: PayloadFault } {
  return payload.ok ? { ok: true, tag: build(payload.value) } : payload;
}

function isTagName(name: string): name is TagName {
  return Object.hasOwn(ARGUMENTS, name);
}

function parseArgument(expected: Argument | null, text: string): Omit<TagHead, "name"> | null {
  if (expected === null) return text === "" ? { subject: null, place: null } : null;
  const [before, subject = "", part, ...more] = text.split(":");
  if (before !== "" || more.length > 0 || !expected.isSubject(subject)) return null;
  if (part === undefined) return { subject: subject.toLowerCase(), place: null };
  const place = expected.inParts ? parsePlace(part) : null;
  return place === null ? null : { subject: subject.toLowerCase(), place };
}

function parsePlace(text: string): PartPlace | null {
  const [, index, total] = /^(\d{1,3})\/(\d{1,3})$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || total === undefined || index < 1 || index > total) return null;
  return { index, total };
}
