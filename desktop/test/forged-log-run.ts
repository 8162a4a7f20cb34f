import { createHash } from "node:crypto";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatTag, type Tag } from "@mgm/domain/chat-line/tag";
import { systemClock } from "../bridge/clock.ts";
import type { LogEvent } from "../bridge/intake/digest.ts";
import { takeInto } from "../bridge/intake/intake.ts";
import { LOG_BEGINNING } from "../bridge/log/log-position.ts";
import { readLog } from "../bridge/log/log-reader.ts";
import { ONLY, put, Store } from "../bridge/store/store.ts";
import { NO_TRUST } from "../bridge/trust/trust.ts";
import { type ForgeryScene, forgedLog } from "./forged-lines.ts";
import { HELLO } from "./log-lines.ts";

/** What came of a log full of forgeries, against what its maker knows to be genuine. */
export interface ForgedLogOutcome {
  readonly forged: number;
  readonly genuine: number;
  /** Tags that were taken and that the addon did not say. */
  readonly acceptedForgeries: readonly string[];
  /** Tags that the addon said and that were not taken, or not in their order. */
  readonly missedGenuine: readonly string[];
  /** Facts, mails, questions and hellos in the store that no genuine line accounts for. */
  readonly strayConsequences: readonly string[];
}

const WRITE_EVERY = 5_000;

/** Writes a log of so many forgeries, a part at a time, and has the bridge's intake read it as it grows. */
export async function runForgedLog(scene: ForgeryScene, seed: number, forgeries: number): Promise<ForgedLogOutcome> {
  const folder = await mkdtemp(join(tmpdir(), "mgm-forged-"));
  const store = await Store.open(join(folder, "store"));
  const path = join(folder, "WoWChatLog.txt");
  await store.commit([put("trust", ONLY, trustOf(scene))]);

  const taken: string[] = [];
  const stray: string[] = [];
  const onEvent = (event: LogEvent) => {
    if (event.kind === "tag") taken.push(formatTag(event.tag, ""));
    if (event.kind === "hello") stray.push("a hello was taken");
  };
  const take = takeInto({ store, clock: systemClock, onEvent, onStored: () => undefined });
  let position = LOG_BEGINNING;
  const said: string[] = [];
  const ids = { genuine: new Set<string>(), asked: new Set<string>() };
  let forged = 0;
  let waiting: Buffer[] = [];
  const write = async () => {
    // Wherever it is cut, the rest comes with the next part: in a line, in a letter.
    const bytes = Buffer.concat(waiting);
    const cut = Math.max(0, bytes.length - (forged % 37));
    await appendFile(path, bytes.subarray(0, cut));
    waiting = [bytes.subarray(cut)];
    ({ position } = await readLog(path, position, take));
  };
  for (const piece of forgedLog(scene, seed, Number.MAX_SAFE_INTEGER)) {
    waiting.push(piece.bytes);
    if (piece.genuine === null) forged += 1;
    else note(piece.genuine, said, ids.genuine);
    if (piece.unkeyedSendingId !== null) ids.asked.add(piece.unkeyedSendingId);
    if (waiting.length >= WRITE_EVERY) await write();
    if (forged >= forgeries) break;
  }
  await appendFile(path, Buffer.concat(waiting));
  await readLog(path, position, take);

  for (const id of [...store.all("sending").keys(), ...store.all("failure").keys()]) {
    if (!ids.genuine.has(id)) stray.push(`mail ${id}`);
  }
  for (const [id, { reason }] of store.all("question")) {
    if (reason !== "sending_unkeyed" || !ids.asked.has(id)) stray.push(`question ${id}`);
  }
  for (const { content } of store.all("fact").values()) {
    if (!said.some((text) => text.includes(idOf(content)))) stray.push(`fact ${idOf(content)}`);
  }
  await store.close();
  await rm(folder, { recursive: true });
  return { forged, genuine: said.length, strayConsequences: stray, ...compare(said, taken) };
}

function trustOf({ key, spentKey, spentNonce, character, locale }: ForgeryScene) {
  const whisperFormat = locale === "ruRU" ? "%s шепчет: " : "%s whispers: ";
  return {
    ...NO_TRUST,
    keys: [
      { key: spentKey, savedAt: 0, isSpent: true },
      { key, savedAt: 0, isSpent: false },
    ],
    nonces: [{ nonce: spentNonce, savedAt: Date.now(), typedAt: Date.now(), isClosed: true }],
    hello: { ...HELLO, character, locale, whisperFormat },
  };
}

function note(tag: Tag, said: string[], ids: Set<string>): void {
  said.push(formatTag(tag, ""));
  if ("id" in tag) ids.add(tag.id);
}

function idOf(content: object): string {
  const [id = ""] = Object.entries(content).flatMap(([name, value]) => (name.endsWith("Id") ? [String(value)] : []));
  if (id !== "") return id;
  return "report" in content ? (content.report as { spinCycleId: string }).spinCycleId : "";
}

/** What is on one side only; and, when both sides hold the same, whether it is in one order. */
function compare(said: readonly string[], taken: readonly string[]) {
  const [mine, theirs] = [new Set(said), new Set(taken)];
  const acceptedForgeries = taken.filter((text) => !mine.has(text));
  const missedGenuine = said.filter((text) => !theirs.has(text));
  const isSame = digestOf(said) === digestOf(taken);
  if (!isSame && acceptedForgeries.length + missedGenuine.length === 0) missedGenuine.push("the order or the number");
  return { acceptedForgeries, missedGenuine };
}

function digestOf(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text}\n`);
  return hash.digest("hex");
}
