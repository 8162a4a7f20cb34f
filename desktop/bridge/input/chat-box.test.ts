import { beforeEach, describe, expect, it } from "vitest";
import { ChatBox } from "./chat-box.ts";

const LINE = '/run MGM_Withdraw("6f9619ff-8b86-d011-b42d-00c04fc964ff",7)';

let box: ChatBox;
beforeEach(() => {
  box = new ChatBox();
});

describe("Escape before a line", () => {
  it("is not pressed at first, nor after another command", () => {
    expect(box.needsEscape(LINE)).toBe(false);
    box.opened();
    box.sent(LINE);
    expect(box.needsEscape("/run ReceiveGold(8)")).toBe(false);
  });

  it("is pressed when part of a line is in the box, until it was", () => {
    box.opened();
    expect(box.needsEscape("/run ReceiveGold(8)")).toBe(true);
    box.escaped();
    expect(box.needsEscape("/run ReceiveGold(8)")).toBe(false);
  });

  it("is pressed before the same command: nobody acknowledged it", () => {
    box.opened();
    box.sent(LINE);
    expect(box.needsEscape(LINE)).toBe(true);
  });

  it("is not pressed before the same words under a new number: the old one was acknowledged", () => {
    box.sent('/run MGM_UpdateStatus("1","1","current",7)');
    expect(box.needsEscape('/run MGM_UpdateStatus("1","1","current",8)')).toBe(false);
  });

  it("is pressed before the same hello, which has a new number each time, but not before a new one", () => {
    box.sent('/run MGM_Hello("aa","bb",7)');
    expect(box.needsEscape('/run MGM_Hello("aa","bb",8)')).toBe(true);
    expect(box.needsEscape('/run MGM_Hello("cc","bb",8)')).toBe(false);
  });
});
