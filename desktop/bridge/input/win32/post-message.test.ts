import { describe, expect, it } from "vitest";
import { systemClock } from "../../clock.ts";
import { Turns } from "../../delivery/turns.ts";
import { ChatBox } from "../chat-box.ts";
import { type PostMessage, postMessageStrategy } from "./post-message.ts";

const WINDOW = { id: "1:ff", handle: 0xff, title: "World of Warcraft", processId: 1 };
const NEVER = new AbortController().signal;

function strategyThat(post: PostMessage) {
  return postMessageStrategy(
    { clock: systemClock, chatBox: new ChatBox(), openingMs: 1, turns: new Turns(1), pick: async () => WINDOW },
    post,
  );
}

describe("messages to the game's window", () => {
  it("are Enter as a key with its scan code, and text as characters", async () => {
    const posted: (readonly number[])[] = [];
    const strategy = strategyThat((...message) => {
      posted.push(message);
      return 0;
    });
    expect(await strategy.type("/x", NEVER)).toEqual({ ok: true });
    const enter = [
      [0xff, 0x100, 0x0d, 0x001c0001],
      [0xff, 0x101, 0x0d, 0xc01c0001],
    ];
    expect(posted).toEqual([...enter, [0xff, 0x102, 0x2f, 1], [0xff, 0x102, 0x78, 1], ...enter]);
  });

  it.each([
    [1400, "no_window"],
    [5, "not_permitted"],
    [1816, "input_failed"],
  ] as const)("refused with %i are the fault %s", async (error, code) => {
    expect(await strategyThat(() => error).type("/x", NEVER)).toEqual({ ok: false, code });
  });

  it("of two lines at once do not mix", async () => {
    let text = "";
    const strategy = strategyThat((_, message, wParam) => {
      if (message === 0x102) text += String.fromCharCode(wParam);
      return 0;
    });
    await Promise.all([strategy.type("/first", NEVER), strategy.type("/second", NEVER)]);
    expect(text).toBe("/first/second");
  });
});
