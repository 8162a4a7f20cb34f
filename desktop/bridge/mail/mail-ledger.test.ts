import { describe, expect, it } from "vitest";
import { isHelloNeeded, ledgerAfter, ledgerAfterHello, type OpenSending, overdueQuestions } from "./mail-ledger.ts";

const NOW = 1_000_000;
const open = (sending: Partial<OpenSending>) => new Map([["a", { since: NOW, helloAt: null, ...sending }]]);

describe("a mail of which nobody knows whether it left", () => {
  it("is asked about after a minute, once", () => {
    expect(isHelloNeeded(open({}), NOW + 59_999)).toBe(false);
    expect(isHelloNeeded(open({}), NOW + 60_000)).toBe(true);
    expect(isHelloNeeded(open({ helloAt: NOW + 1 }), NOW + 60_000)).toBe(false);
  });

  it("is a question when the addon has nothing to say after a hello", () => {
    const asked = new Map([["a", { reason: "sending_open", raisedAt: NOW } as const]]);
    expect(overdueQuestions(open({}), new Map(), NOW + 600_000)).toEqual([]);
    expect(overdueQuestions(open({ helloAt: NOW }), new Map(), NOW + 29_999)).toEqual([]);
    const raised = overdueQuestions(open({ helloAt: NOW }), new Map(), NOW + 30_000);
    expect(raised).toEqual([{ id: "a", question: { reason: "sending_open", raisedAt: NOW + 30_000 } }]);
    expect(overdueQuestions(open({ helloAt: NOW }), asked, NOW + 30_000)).toEqual([]);
  });

  it("is the same mail when it is announced again, and counts from the first hello", () => {
    const sending = { since: NOW, helloAt: NOW + 5 };
    expect(ledgerAfter({ name: "SENDING", id: "a" }, sending, NOW + 10)).toBeNull();
    expect(ledgerAfterHello(open({ helloAt: NOW + 5 }), NOW + 10)).toEqual([]);
  });
});
