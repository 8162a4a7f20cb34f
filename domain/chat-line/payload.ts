import { isId, parseInstant } from "../instant.ts";

/* The JSON that follows a tag: read by hand into typed values, written in a fixed order of fields, `|` always escaped
   (the game's chat would take it for the start of a colour or a link). Fields that we do not know are passed over, so
   that a newer addon can be understood. */

/** What /who said about a candidate. */
export interface WhoReport {
  readonly spinCycleId: string;
  /** As the addon wrote it; the receiver makes it canonical before comparing. */
  readonly characterName: string;
  readonly online: boolean;
  /** ISO 8601 UTC. */
  readonly capturedAt: string;
}

/** One stack of items in the streamer's bags. */
export interface BagStack {
  readonly bag: number;
  readonly slot: number;
  readonly itemId: number;
  readonly count: number;
}

/** An item described by the game client. */
export interface DescribedItem {
  readonly name: string;
  readonly id: number;
  readonly count: number;
  readonly link: string;
  readonly texture: string;
  readonly bagId: number;
  readonly slotId: number;
}

/** What the addon says about itself and its client. */
export interface Hello {
  readonly addonVersion: string;
  readonly character: string;
  readonly realm: string;
  readonly locale: string;
  readonly transport: string;
  /** The client's CHAT_WHISPER_GET, such as `%s whispers: `. */
  readonly whisperFormat: string;
  /** Whether the realm swallows whispers that begin with `!`; null until it was tried. */
  readonly bangSwallowed: boolean | null;
}

/** Why a payload could not be read. */
export type PayloadFault = "not_json" | "unsupported_version" | "invalid_payload";

/** A payload, or why it is none. */
export type PayloadResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: PayloadFault };

const SCHEMA_VERSION = 1;
const MAX_ITEM_NAME = 255;

/** Reads the payload of WHO. */
export function parseWho(text: string): PayloadResult<WhoReport> {
  const fields = parseJson(text);
  if (fields === undefined) return fault("not_json");
  if (!isRecord(fields)) return fault("invalid_payload");
  const { schemaVersion, spinCycleId, characterName, online, capturedAt } = fields;
  if (isCount(schemaVersion) && schemaVersion > SCHEMA_VERSION) return fault("unsupported_version");
  if (
    schemaVersion !== SCHEMA_VERSION ||
    !isText(spinCycleId) ||
    !isId(spinCycleId) ||
    typeof characterName !== "string" ||
    typeof online !== "boolean" ||
    !isText(capturedAt) ||
    parseInstant(capturedAt) === null
  ) {
    return fault("invalid_payload");
  }
  return { ok: true, value: { spinCycleId: spinCycleId.toLowerCase(), characterName, online, capturedAt } };
}

/** Writes the payload of WHO. */
export function formatWho(report: WhoReport): string {
  const { spinCycleId, characterName, online, capturedAt } = report;
  return toJson({ schemaVersion: SCHEMA_VERSION, spinCycleId, characterName, online, capturedAt });
}

/** Reads the payload of ITEMS; empty bags are a list without entries. */
export function parseItems(text: string): PayloadResult<BagStack[]> {
  const rows = parseJson(text);
  if (rows === undefined) return fault("not_json");
  if (!Array.isArray(rows)) return fault("invalid_payload");
  const stacks: BagStack[] = [];
  for (const row of rows) {
    if (!Array.isArray(row) || row.length !== 4) return fault("invalid_payload");
    const [bag, slot, itemId, count]: unknown[] = row;
    if (!isIndex(bag) || !isIndex(slot) || !isCount(itemId) || !isCount(count)) return fault("invalid_payload");
    stacks.push({ bag, slot, itemId, count });
  }
  return { ok: true, value: stacks };
}

/** Writes the payload of ITEMS. */
export function formatItems(stacks: readonly BagStack[]): string {
  return toJson(stacks.map(({ bag, slot, itemId, count }) => [bag, slot, itemId, count]));
}

/** Reads the payload of ITEM. */
export function parseItem(text: string): PayloadResult<DescribedItem> {
  const fields = parseJson(text);
  if (fields === undefined) return fault("not_json");
  if (!isRecord(fields)) return fault("invalid_payload");
  const { name, id, count, link, texture, bagId, slotId } = fields;
  if (
    !isText(name) ||
    name.length > MAX_ITEM_NAME ||
    !isCount(id) ||
    !isCount(count) ||
    typeof link !== "string" ||
    typeof texture !== "string" ||
    !isIndex(bagId) ||
    !isIndex(slotId)
  ) {
    return fault("invalid_payload");
  }
  return { ok: true, value: { name, id, count, link, texture, bagId, slotId } };
}

/** Writes the payload of ITEM. */
export function formatItem(item: DescribedItem): string {
  const { name, id, count, link, texture, bagId, slotId } = item;
  return toJson({ name, id, count, link, texture, bagId, slotId });
}

/** Reads the payload of HELLO. */
export function parseHello(text: string): PayloadResult<Hello> {
  const fields = parseJson(text);
  if (fields === undefined) return fault("not_json");
  if (!isRecord(fields)) return fault("invalid_payload");
  const { addonVersion, character, realm, locale, transport, whisperFormat, bangSwallowed = null } = fields;
  if (
    !isText(addonVersion) ||
    !isText(character) ||
    !isText(realm) ||
    !isText(locale) ||
    !isText(transport) ||
    !isText(whisperFormat) ||
    (bangSwallowed !== null && typeof bangSwallowed !== "boolean")
  ) {
    return fault("invalid_payload");
  }
  return { ok: true, value: { addonVersion, character, realm, locale, transport, whisperFormat, bangSwallowed } };
}

/** Writes the payload of HELLO. */
export function formatHelloPayload(hello: Hello): string {
  const { addonVersion, character, realm, locale, transport, whisperFormat, bangSwallowed } = hello;
  return toJson({ addonVersion, character, realm, locale, transport, whisperFormat, bangSwallowed });
}

function fault(reason: PayloadFault): { readonly ok: false; readonly reason: PayloadFault } {
  return { ok: false, reason };
}

/** The value of a JSON text; undefined, which no JSON text is, when it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// In JSON a `|` can only stand inside a string, where its escape means the same.
function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("|", "\\u007c");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
