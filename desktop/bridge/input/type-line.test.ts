import { describe, expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { type TypingFault, WORLD_LEFT } from "../commands/input.ts";
import { ChatBox } from "./chat-box.ts";
import { type KeySink, typeLine } from "./type-line.ts";

/** Keys on paper, refused from a given one on. */
class Paper implements KeySink {
  readonly burst = 2;
  text = "";
  fault: { readonly at: string; readonly code: TypingFault } | null = null;

  press(key: "enter" | "escape"): Promise<TypingFault | null> {
    return this.#write(`<${key}>`);
  }

  character(character: string): Promise<TypingFault | null> {
    return this.#write(character);
  }

  async #write(key: string): Promise<TypingFault | null> {
    if (this.fault?.at === key) return this.fault.code;
    this.text += key;
    return null;
  }
}

const NEVER = new AbortController().signal;

function typing(paper: Paper, chatBox = new ChatBox()) {
  return (line: string, signal = NEVER) => typeLine(line, paper, { clock: systemClock, chatBox, openingMs: 1 }, signal);
}

describe("a line", () => {
  it("is Enter, the characters, Enter", async () => {
    const paper = new Paper();
    expect(await typing(paper)("/run x")).toEqual({ ok: true });
    expect(paper.text).toBe("<enter>/run x<enter>");
  });

  it("that is not ASCII is refused before anything is pressed", async () => {
    const paper = new Paper();
    await expect(typing(paper)("/run Ж")).rejects.toThrow(RangeError);
    expect(paper.text).toBe("");
  });

  it("is given up at the first key that does not go out, and its half is dropped before the next", async () => {
    const paper = new Paper();
    const type = typing(paper);
    paper.fault = { at: "n", code: "focus_lost" };
    expect(await type("/run x")).toEqual({ ok: false, code: "focus_lost" });
    expect(paper.text).toBe("<enter>/ru");
    paper.fault = null;
    paper.text = "";
    expect(await type("/say")).toEqual({ ok: true });
    expect(paper.text).toBe("<escape><enter>/say<enter>");
  });

  it("whose Enter did not go out has opened nothing", async () => {
    const paper = new Paper();
    const type = typing(paper);
    paper.fault = { at: "<enter>", code: "no_window" };
    expect(await type("/run x")).toEqual({ ok: false, code: "no_window" });
    paper.fault = null;
    await type("/run x");
    expect(paper.text).toBe("<enter>/run x<enter>");
  });

  it("is not begun after the signal, and dropped when it comes in the middle", async () => {
    const paper = new Paper();
    const type = typing(paper);
    expect(await type("/run x", AbortSignal.abort())).toEqual({ ok: false, code: "input_failed" });
    expect(paper.text).toBe("");
    const stopping = new AbortController();
    const stopped = type("/run x", stopping.signal);
    stopping.abort();
    expect(await stopped).toEqual({ ok: false, code: "input_failed" });
    expect(paper.text).toBe("<enter><escape>");
  });

  it("is left as it is when the world goes in the middle, and the next world's box is shut", async () => {
    const paper = new Paper();
    const type = typing(paper);
    const leaving = new AbortController();
    const stopped = type("/run x", leaving.signal);
    leaving.abort(WORLD_LEFT);
    expect(await stopped).toEqual({ ok: false, code: "input_failed" });
    expect(paper.text).toBe("<enter>");
    await type("/run x");
    expect(paper.text).toBe("<enter><enter>/run x<enter>");
  });
});
