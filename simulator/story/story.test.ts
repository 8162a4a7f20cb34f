import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Realm } from "./realm.ts";
import { playStory, StoryError } from "./story.ts";

it("gives up with the step that it waited for when nobody answers, and can be stopped", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mgm-story-"));
  const game = await Realm.open(folder);
  const story = playStory({
    // A port where nobody can listen.
    apiUrl: "http://127.0.0.1:1",
    broadcasterId: "1",
    botUserId: "2",
    desktopKey: "key",
    extensionSecret: Buffer.from("secret").toString("base64"),
    eventSubSecret: "secret",
    chat: null,
    game,
    deadlineMs: 300,
    sinceStartMs: () => 0,
    payoutPage: () => null,
    tell: () => undefined,
    log: () => undefined,
  });
  const error = await story.firstGold.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoryError);
  expect((error as StoryError).step).toBe("enrolled");
  await story.stop();
  game.stop();
  rmSync(folder, { recursive: true });
});
