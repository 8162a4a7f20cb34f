import { randomBytes } from "node:crypto";
import type { Hello } from "@mgm/domain/chat-line/payload";
import { formatHello, formatHelloPart, formatTag, type Tag } from "@mgm/domain/chat-line/tag";
import { describe, expect, it } from "vitest";
import { addForgeries, NO_FORGERIES } from "./forgeries.ts";
import {
  type Judgement,
  judgeLine,
  NO_TRUST,
  nextHello,
  openHelloTypedAt,
  type TrustState,
  type Verdict,
} from "./trust.ts";

const NOW = Date.parse("2026-04-04T12:00:00.000Z");
const HOUR = 3_600_000;
const ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
const CONFIRM: Tag = { name: "CONFIRM", id: ID };
const HELLO: Hello = {
  addonVersion: "1.0.0",
  character: "Мимирон",
  realm: "Ulduar",
  locale: "ruRU",
  transport: "whisper",
  whisperFormat: "%s шепчет: ",
  bangSwallowed: false,
};
const WHISPER = "Мимирон шепчет: ";
const randomHex = (bytes: number) => randomBytes(bytes).toString("hex");
const line = (body: string) => ({ text: `4/4 12:00:00.000  ${body}`, beginningSeen: true });

/** Judges lines one after the other; the verdicts, and the trust in the end. */
function judge(trust: TrustState, bodies: readonly string[], now = NOW): { trust: TrustState; verdicts: Verdict[] } {
  const verdicts: Verdict[] = [];
  let state = trust;
  for (const body of bodies) {
    const judged: Judgement = judgeLine(state, line(body), now);
    state = judged.trust;
    verdicts.push(judged.verdict);
  }
  return { trust: state, verdicts };
}

const typed = nextHello(NO_TRUST, NOW, randomHex);
const known = judge(typed.trust, [formatHello(typed.nonce, HELLO)]).trust;

describe("a hello", () => {
  it("is believed by its nonce, once", () => {
    const { verdicts, trust } = judge(typed.trust, [formatHello(typed.nonce, HELLO), formatHello(typed.nonce, HELLO)]);
    expect(verdicts).toEqual([
      { kind: "hello", hello: HELLO },
      { kind: "forged", reason: "closed_nonce" },
    ]);
    expect(trust.hello).toEqual(HELLO);
  });

  it("with another nonce is a forgery", () => {
    expect(judge(typed.trust, [formatHello(randomHex(16), HELLO)]).verdicts).toEqual([
      { kind: "forged", reason: "unknown_nonce" },
    ]);
  });

  it("is answered within an hour", () => {
    const answer = [formatHello(typed.nonce, HELLO)];
    expect(judge(typed.trust, answer, NOW + HOUR).verdicts).toMatchObject([{ kind: "hello" }]);
    expect(judge(typed.trust, answer, NOW + HOUR + 1).verdicts).toMatchObject([{ reason: "closed_nonce" }]);
    // A clock that was put back by a day makes no hour longer.
    expect(judge(typed.trust, answer, NOW - 24 * HOUR).verdicts).toMatchObject([{ reason: "closed_nonce" }]);
  });

  it("in a whisper must come from the character that it names; its copy as sent leaves the nonce open", () => {
    const answer = formatHello(typed.nonce, HELLO);
    const { verdicts } = judge(typed.trust, [`An Мимирон: ${answer}`, `Бот шепчет: ${answer}`, WHISPER + answer]);
    expect(verdicts.map(({ kind }) => kind)).toEqual(["forged", "forged", "hello"]);
  });

  it("in parts is put together, its copy as sent among them", () => {
    const [first, second] = ['{"addonVersion":"1.0.0","character":"Мимирон","realm":"Ulduar","locale":"ruRU",', ""];
    const rest = '"transport":"whisper","whisperFormat":"%s шепчет: ","bangSwallowed":false}';
    const parts = [first, second, rest].map((piece, index) =>
      formatHelloPart(typed.nonce, { index: index + 1, total: 3 }, piece),
    );
    const bodies = parts.flatMap((part) => [`An Мимирон: ${part}`, WHISPER + part]);
    const { verdicts, trust } = judge(typed.trust, bodies);
    expect(verdicts.map(({ kind }) => kind)).toEqual(["nothing", "nothing", "nothing", "nothing", "forged", "hello"]);
    expect(trust.pending).toEqual({});
  });

  it("keeps its secrets until it is answered, and the key after that", () => {
    const again = nextHello(typed.trust, NOW + HOUR, randomHex);
    expect([again.nonce, again.key]).toEqual([typed.nonce, typed.key]);
    // What was typed last is on its way: the next bridge waits for its answer.
    expect(openHelloTypedAt(again.trust, NOW + HOUR)).toBe(NOW + HOUR);
    expect(openHelloTypedAt(again.trust, NOW + HOUR + 1)).toBeNull();
    expect(openHelloTypedAt(known, NOW)).toBeNull();
    const after = nextHello(known, NOW, randomHex);
    expect(after.key).toBe(typed.key);
    expect(after.nonce).not.toBe(typed.nonce);
  });

  it("with a new nonce leaves the one before valid", () => {
    const late = nextHello(typed.trust, NOW + HOUR + 1, randomHex);
    expect(late.nonce).not.toBe(typed.nonce);
    const both = nextHello({ ...typed.trust, nonces: late.trust.nonces }, NOW + HOUR, randomHex);
    const found = judge(both.trust, [formatHello(typed.nonce, HELLO), formatHello(late.nonce, HELLO)], NOW + HOUR);
    expect(found.verdicts.map(({ kind }) => kind)).toEqual(["hello", "hello"]);
  });
});

describe("a tag", () => {
  it("counts with the key, in a system line and in the own character's whisper", () => {
    const said = formatTag(CONFIRM, typed.key);
    expect(judge(known, [said, WHISPER + said]).verdicts).toEqual([
      { kind: "tag", tag: CONFIRM },
      { kind: "tag", tag: CONFIRM },
    ]);
  });

  it("counts from the moment that the key is saved: two hellos may lie in one block", () => {
    expect(judge(typed.trust, [formatTag(CONFIRM, typed.key)]).verdicts).toMatchObject([{ kind: "tag" }]);
  });

  it("without the key asks for a hello, with its name and id", () => {
    const { verdicts } = judge(known, [formatTag({ name: "SENDING", id: ID }, randomHex(8)), "[MGM_READY]"]);
    expect(verdicts).toEqual([
      { kind: "unkeyed", name: "SENDING", id: ID },
      { kind: "unkeyed", name: "READY", id: null },
    ]);
  });

  it("that somebody else says is a forgery", () => {
    const said = formatTag(CONFIRM, typed.key);
    const bodies = [`Бот шепчет: ${said}`, `[2. Торговля] Бот: ${said}`, `Мимирон говорит: ${said}`];
    expect(judge(known, bodies).verdicts.map(({ kind }) => kind)).toEqual(["forged", "forged", "forged"]);
    expect(judgeLine(known, { ...line(said), beginningSeen: false }, NOW).verdict).toMatchObject({ kind: "forged" });
  });
});

describe("a hello that was said aloud", () => {
  const aloud = `Мимирон говорит: run MGM_Hello("${typed.nonce}","${typed.key}",1775304000)`;

  it("spends its key for the lines after it, not for those before", () => {
    const said = formatTag(CONFIRM, typed.key);
    const { verdicts, trust } = judge(known, [said, aloud, said]);
    expect(verdicts.map(({ kind }) => kind)).toEqual(["tag", "leaked", "unkeyed"]);
    const next = nextHello(trust, NOW, randomHex);
    expect(next.key).not.toBe(typed.key);
    expect(judge(next.trust, [said, formatTag(CONFIRM, next.key)]).verdicts.map(({ kind }) => kind)).toEqual([
      "unkeyed",
      "tag",
    ]);
  });

  it("spends its nonce, whoever answers it", () => {
    const { verdicts } = judge(typed.trust, [aloud, formatHello(typed.nonce, HELLO)]);
    expect(verdicts).toEqual([{ kind: "leaked" }, { kind: "forged", reason: "closed_nonce" }]);
  });

  it("is not what the cut end of a tag looks like", () => {
    expect(judge(known, [`ONFIRM:${ID}] #${typed.key}`]).verdicts).toEqual([{ kind: "nothing" }]);
  });
});

describe("the list of forgeries", () => {
  it("counts all, keeps the newest and shows no key", () => {
    const at = NOW;
    const many = Array.from({ length: 1_000 }, (_, n) => ({ text: `${n} #${typed.key}`, reason: "wrong_place", at }));
    const list = addForgeries(NO_FORGERIES, many as Parameters<typeof addForgeries>[1]);
    expect(list.total).toBe(1_000);
    expect(list.recent).toHaveLength(100);
    expect(list.recent.at(-1)?.text).toBe("999 #…");
  });
});
