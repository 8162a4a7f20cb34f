import { type Hello, type PayloadFault, parseHello } from "./chat-line/payload.ts";
import { isOutgoingPrefix, isWhisperPrefix, splitLogLine } from "./chat-line/place.ts";
import {
  type BodyFault,
  type HeadFault,
  type KeyedTagName,
  type PartPlace,
  parseTagBody,
  parseTagHead,
  type Tag,
  type TagPart,
} from "./chat-line/tag.ts";

/*
 * The game's chat log as a wire. Everybody on the realm can write into it, the addon among them.
 *
 *     4/4 12:00:01.000  [MGM_ACCEPT:6f9619ff-8b86-d011-b42d-00c04fc964ff] #0123456789abcdef
 *     └── timestamp ──┘└2 spaces└── head: name, id ──────────────────────┘ └── key ────────┘
 *     4/4 12:00:01.000  Norinn whispers: [MGM_ITEM:<id>:1/2]{"name":"Li #0123456789abcdef
 *                       └─── prefix ───┘└── head with part ─┘└─ piece ─┘
 *
 * A line without `[MGM_` and a capital letter after it is nobody's tag (`none`). For the others three questions are
 * asked, in this order:
 *
 *   1. Where does it stand? Right after the timestamp (a system line), or right after the prefix of a whisper that the
 *      streamer's own character received. The copy of that whisper as it was sent is `none`; every other place, and
 *      every line whose beginning was not seen, is `forged`. No player can write at the beginning of a line, so what a
 *      player says never gets past this question.
 *   2. Who says so? The last word is ` #<key>`, the secret that a hello gave to the addon. A tag without an accepted key
 *      is `unkeyed`: the addon has no key yet or an old one, so the desktop says hello, and nothing else happens (save
 *      that SENDING asks the streamer). HELLO alone needs no key: it answers a nonce, which the caller checks; because
 *      only the hello itself tells how the client writes a whisper, its place is judged with its payload (readHello).
 *   3. What does it say? A `tag`, one `part` of a long one, or `malformed` with the reason. White space after the
 *      brackets and around the key is allowed for; inside a part it is kept, as it may belong to a word that was cut.
 *
 * The files: chat-line/place (timestamp and prefix), tag (heads, bodies, each with its inverse), payload (the JSON),
 * parts (pieces into payloads).
 */

/** What decides whether a line is believed. */
export interface LineTrust {
  /** Accepted keys: 16 hex digits each, in lower case. */
  readonly keys: readonly string[];
  /** The streamer's character, as the last hello named it. */
  readonly ownCharacter: string | null;
  /** The client's CHAT_WHISPER_GET, as the last hello reported it. */
  readonly whisperFormat: string | null;
}

/** One line of the log, without its line end. */
export interface LoggedLine {
  readonly text: string;
  /** Whether it began at the start of the file or after a line end that was read. */
  readonly beginningSeen: boolean;
}

/** A HELLO in one line or in parts. It counts only when its nonce does and readHello says so; else it is a forgery. */
export interface HelloLine {
  readonly kind: "hello";
  readonly nonce: string;
  readonly place: PartPlace | null;
  /** The payload, or its piece. */
  readonly text: string;
  /** What stands before the tag: empty in a system line, else what should be the prefix of a whisper. */
  readonly prefix: string;
}

/** Why text in the form of a tag is not one. */
export type ForgeryReason = "beginning_unseen" | "wrong_place" | "not_a_tag";

/** Why a tag that was believed could not be understood. */
export type MalformedReason = HeadFault | BodyFault;

/** What a line of the log is. */
export type ChatLine =
  | { readonly kind: "none" }
  | { readonly kind: "tag"; readonly tag: Tag }
  | { readonly kind: "part"; readonly part: TagPart }
  | HelloLine
  | { readonly kind: "unkeyed"; readonly name: KeyedTagName; readonly id: string | null }
  | {
      readonly kind: "malformed";
      readonly name: string;
      readonly id: string | null;
      readonly reason: MalformedReason;
    }
  | {
      readonly kind: "forged";
      readonly reason: ForgeryReason;
      /** Whether it carries an accepted key all the same: a copy in a form that we do not know, or a key that leaked. */
      readonly keyed: boolean;
    };

const TAG_LIKE = /\[MGM_[A-Z]/;
const TRAILING_KEY = / #([0-9a-fA-F]{16})\s*$/;

/** Classifies one line. Never throws, whatever the line holds. */
export function parseChatLine(line: LoggedLine, trust: LineTrust): ChatLine {
  const at = line.text.search(TAG_LIKE);
  if (at < 0) return { kind: "none" };
  const { rest: textBeforeKey, keyed } = splitKey(line.text, trust.keys);
  if (!line.beginningSeen) return { kind: "forged", reason: "beginning_unseen", keyed };

  const body = splitLogLine(line.text)?.body;
  if (body === undefined) return { kind: "forged", reason: "wrong_place", keyed };
  const tagText = line.text.slice(at);
  const prefix = body.slice(0, body.length - tagText.length);
  const parsed = parseTagHead(tagText);

  if (!isTrustedPlace(prefix, trust)) {
    if (isOutgoingPrefix(prefix)) return { kind: "none" };
    if (!parsed.ok || parsed.head.name !== "HELLO") return { kind: "forged", reason: "wrong_place", keyed };
  }
  if (!parsed.ok) {
    if (!keyed) return { kind: "forged", reason: "not_a_tag", keyed };
    return { kind: "malformed", name: parsed.name, id: null, reason: parsed.reason };
  }

  const { head, rest } = parsed;
  const { name, subject, place } = head;
  if (name === "HELLO") return { kind: "hello", nonce: subject ?? "", place, text: rest, prefix };
  const id = name === "ACK" ? null : subject;
  if (!keyed) return { kind: "unkeyed", name, id };
  const read = parseTagBody({ name, subject, place }, textBeforeKey.slice(line.text.length - rest.length));
  if (!read.ok) return { kind: "malformed", name, id, reason: read.reason };
  return "tag" in read ? { kind: "tag", tag: read.tag } : { kind: "part", part: read.part };
}

/** Why a hello whose nonce is right says nothing. */
export type HelloFault = PayloadFault | "wrong_sender";

/**
 * Reads a whole hello: `payload` from one line or put together from its parts, `prefix` as its lines had it. To be called
 * after the nonce was found right. In a whisper the sender must be the character that the hello names, written in the
 * form that it reports: that is how its outgoing copy, in a language that we do not know, comes to nothing.
 */
export function readHello(
  payload: string,
  prefix: string,
): { readonly ok: true; readonly hello: Hello } | { readonly ok: false; readonly reason: HelloFault } {
  const parsed = parseHello(payload);
  if (!parsed.ok) return parsed;
  const hello = parsed.value;
  const sentByItself = prefix === "" || isWhisperPrefix(prefix, hello.whisperFormat, hello.character);
  return sentByItself ? { ok: true, hello } : { ok: false, reason: "wrong_sender" };
}

function isTrustedPlace(prefix: string, { ownCharacter, whisperFormat }: LineTrust): boolean {
  if (prefix === "") return true;
  return ownCharacter !== null && whisperFormat !== null && isWhisperPrefix(prefix, whisperFormat, ownCharacter);
}

/** The text before its trailing key, when that key is accepted. */
function splitKey(text: string, keys: readonly string[]): { readonly rest: string; readonly keyed: boolean } {
  const match = TRAILING_KEY.exec(text);
  const key = match?.[1]?.toLowerCase();
  if (match === null || key === undefined || !keys.includes(key)) return { rest: text, keyed: false };
  return { rest: text.slice(0, match.index), keyed: true };
}
