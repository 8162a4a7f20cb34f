import {
  type ForgeryReason,
  type HelloFault,
  type HelloLine,
  type LoggedLine,
  type MalformedReason,
  parseChatLine,
  readHello,
} from "@mgm/domain/chat-line";
import { type PendingPayloads, takePiece, threadOfHello, threadOfPart } from "@mgm/domain/chat-line/parts";
import type { Hello } from "@mgm/domain/chat-line/payload";
import { type KeyedTagName, parseAssembled, type Tag, type TagPart } from "@mgm/domain/chat-line/tag";

/*
 * Who may tell us something, line by line in the order of the log.
 *
 *   key      made ──saved──► typed in every hello ──► accepted ... ──its hello is seen where people read──► spent
 *   nonce    made ──saved──► typed, again and again ──► answered (once) | an hour old | spent
 *
 * There is one key until it is spent; then the next hello brings a new one. A line is judged with the keys that are not
 * spent where it stands, so that one before the spending line counts and one after it does not. A new nonce leaves the
 * one before it valid, for its answer may still lie in a block that the client has not written.
 *
 * All of this is a value: judging a line gives the next one, and the two are stored together with the log's position.
 */

/** A secret shared with the addon: 16 hex digits. Times are Unix milliseconds. */
export interface BridgeKey {
  readonly key: string;
  readonly savedAt: number;
  readonly isSpent: boolean;
}

/** A question that only an addon can answer who was typed to: 32 hex digits. */
export interface Nonce {
  readonly nonce: string;
  readonly savedAt: number;
  /** When it was typed last. */
  readonly typedAt: number;
  /** Answered, or said aloud: either way nobody can answer it any more. */
  readonly isClosed: boolean;
}

/** What decides about the next line. */
export interface TrustState {
  readonly keys: readonly BridgeKey[];
  readonly nonces: readonly Nonce[];
  /** The last answer to a hello: whose whispers count, and in which form. */
  readonly hello: Hello | null;
  /** Payloads of which pieces are missing. */
  readonly pending: PendingPayloads;
}

/** Before the first hello. */
export const NO_TRUST: TrustState = { keys: [], nonces: [], hello: null, pending: {} };

/** Why a line in the form of a tag is not believed. */
export type ForgeryKind = ForgeryReason | HelloFault | "unknown_nonce" | "closed_nonce";

/** What a line is to us. */
export type Verdict =
  | { readonly kind: "nothing" }
  | { readonly kind: "tag"; readonly tag: Tag }
  /** The addon answered. */
  | { readonly kind: "hello"; readonly hello: Hello }
  /** In a right place, without a key that counts: the addon needs a hello. */
  | { readonly kind: "unkeyed"; readonly name: KeyedTagName; readonly id: string | null }
  /** Believed, not understood. */
  | { readonly kind: "malformed"; readonly name: string; readonly id: string | null; readonly reason: MalformedReason }
  | { readonly kind: "forged"; readonly reason: ForgeryKind }
  /** One of our hellos was said aloud instead of run; its key and nonce are spent. */
  | { readonly kind: "leaked" };

/** A verdict and the trust that the line after it meets. */
export interface Judgement {
  readonly trust: TrustState;
  readonly verdict: Verdict;
}

const NONCE_LIFETIME_MS = 3_600_000;
const KEPT_NONCES = 2;
const KEPT_KEYS = 8;
/** Pieces of at most so many payloads; only an addon that holds a key can start one. */
const KEPT_PENDING = 32;

/** Judges the next line of the log. */
export function judgeLine(trust: TrustState, line: LoggedLine, now: number): Judgement {
  const read = parseChatLine(line, {
    keys: trust.keys.filter(({ isSpent }) => !isSpent).map(({ key }) => key),
    ownCharacter: trust.hello?.character ?? null,
    whisperFormat: trust.hello?.whisperFormat ?? null,
  });
  switch (read.kind) {
    case "none":
      return judgeTalk(trust, line.text, { kind: "nothing" });
    case "forged":
      return judgeTalk(trust, line.text, { kind: "forged", reason: read.reason });
    case "hello":
      return judgeHello(trust, read, now);
    case "part":
      return judgePart(trust, read.part);
    case "tag":
    case "unkeyed":
    case "malformed":
      return { trust, verdict: read };
    default:
      return read satisfies never;
  }
}

/** Secrets that somebody said aloud are none. A key at the end of a line is where a tag of the addon has it. */
function judgeTalk(trust: TrustState, text: string, verdict: Verdict): Judgement {
  const said = text.toLowerCase().replace(/ #[0-9a-f]{16}\s*$/, "");
  const isSaid = (secret: string) => said.includes(secret);
  const leaksKey = trust.keys.some(({ key, isSpent }) => !isSpent && isSaid(key));
  const leaksNonce = trust.nonces.some(({ nonce, isClosed }) => !isClosed && isSaid(nonce));
  if (!leaksKey && !leaksNonce) return { trust, verdict };
  return {
    trust: {
      ...trust,
      keys: trust.keys.map((one) => (isSaid(one.key) ? { ...one, isSpent: true } : one)),
      nonces: trust.nonces.map((one) => (isSaid(one.nonce) ? { ...one, isClosed: true } : one)),
    },
    verdict: { kind: "leaked" },
  };
}

function judgeHello(trust: TrustState, line: HelloLine, now: number): Judgement {
  const nonce = trust.nonces.find((one) => one.nonce === line.nonce);
  if (nonce === undefined) return forged(trust, "unknown_nonce");
  if (!isOpen(nonce, now)) return forged(trust, "closed_nonce");
  if (line.place === null) return answerHello(trust, line.nonce, line.text, line.prefix);
  const { pending, outcome } = takePiece(trust.pending, threadOfHello(line), line.place, line.text);
  const next = { ...trust, pending: bounded(pending) };
  return outcome.kind === "complete"
    ? answerHello(next, line.nonce, outcome.payload, line.prefix)
    : { trust: next, verdict: { kind: "nothing" } };
}

function answerHello(trust: TrustState, nonce: string, payload: string, prefix: string): Judgement {
  const read = readHello(payload, prefix);
  // The nonce stays open: the genuine answer may be the next line, this one its copy as it was sent.
  if (!read.ok) return forged(trust, read.reason);
  const { hello } = read;
  return {
    trust: {
      ...trust,
      hello,
      nonces: trust.nonces.map((one) => (one.nonce === nonce ? { ...one, isClosed: true } : one)),
      pending: Object.fromEntries(Object.entries(trust.pending).filter(([thread]) => !thread.startsWith("HELLO:"))),
    },
    verdict: { kind: "hello", hello },
  };
}

function judgePart(trust: TrustState, part: TagPart): Judgement {
  const { pending, outcome } = takePiece(trust.pending, threadOfPart(part), part.place, part.piece);
  const next = { ...trust, pending: bounded(pending) };
  if (outcome.kind !== "complete") return { trust: next, verdict: { kind: "nothing" } };
  const read = parseAssembled(part, outcome.payload);
  return read.ok
    ? { trust: next, verdict: { kind: "tag", tag: read.tag } }
    : { trust: next, verdict: { kind: "malformed", name: part.name, id: part.id, reason: read.reason } };
}

/** The newest are kept; who is pushed out is asked for again by the next hello. */
function bounded(pending: PendingPayloads): PendingPayloads {
  const entries = Object.entries(pending);
  return entries.length <= KEPT_PENDING ? pending : Object.fromEntries(entries.slice(-KEPT_PENDING));
}

function forged(trust: TrustState, reason: ForgeryKind): Judgement {
  return { trust, verdict: { kind: "forged", reason } };
}

function isOpen({ isClosed, savedAt }: Nonce, now: number): boolean {
  // By a clock that was put back it may be of the future: that makes its hour no longer.
  return !isClosed && Math.abs(now - savedAt) <= NONCE_LIFETIME_MS;
}

/** The secrets of the next hello, and the trust that must be stored before they are typed. */
export interface HelloSecrets {
  readonly trust: TrustState;
  readonly nonce: string;
  readonly key: string;
}

/** Takes the present key and the open nonce, or makes new ones. `randomHex` gives so many random bytes as hex digits. */
export function nextHello(trust: TrustState, now: number, randomHex: (bytes: number) => string): HelloSecrets {
  const key = trust.keys.find(({ isSpent }) => !isSpent)?.key ?? randomHex(8);
  const open = trust.nonces.at(-1);
  const nonce = open !== undefined && isOpen(open, now) ? open.nonce : randomHex(16);
  const isKnownKey = trust.keys.some((one) => one.key === key);
  const isKnownNonce = open?.nonce === nonce;
  const keys = isKnownKey ? trust.keys : [...trust.keys, { key, savedAt: now, isSpent: false }].slice(-KEPT_KEYS);
  const nonces = isKnownNonce
    ? trust.nonces.map((one) => (one === open ? { ...one, typedAt: now } : one))
    : [...trust.nonces, { nonce, savedAt: now, typedAt: now, isClosed: false }].slice(-KEPT_NONCES);
  return { trust: { ...trust, keys, nonces }, nonce, key };
}

/** Nobody may answer to what was typed any more, and nobody sign with it: it may stand where people read it. */
export function spendSecrets(trust: TrustState): TrustState {
  return {
    ...trust,
    keys: trust.keys.map((one) => ({ ...one, isSpent: true })),
    nonces: trust.nonces.map((one) => ({ ...one, isClosed: true })),
  };
}

/** When the hello was typed that can still be answered; null when there is none. */
export function openHelloTypedAt(trust: TrustState, now: number): number | null {
  const open = trust.nonces.at(-1);
  return open !== undefined && isOpen(open, now) ? open.typedAt : null;
}
