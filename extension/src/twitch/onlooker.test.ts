import { extensionJwt } from "@mgm/simulator/twitch/extension-jwt";
import { describe, expect, it } from "vitest";
import { onlookerOf } from "./onlooker.ts";

const options = { secret: "c2VjcmV0", channelId: "ch" };

describe("who looks", () => {
  it.each([
    [{ role: "viewer", userId: "1" } as const, "known"],
    [{ role: "broadcaster" } as const, "known"],
    [{ role: "viewer", unlinked: "x" } as const, "unshared"],
    [{ role: "viewer", anonymous: "x" } as const, "anonymous"],
  ])("%o is %s", async (user, kind) => {
    const token = await extensionJwt(user, options);
    expect(onlookerOf(token)).toEqual({ kind, role: user.role, channelId: "ch" });
  });

  it.each(["", "a.b.c", "a.e30.c", "a.bnVsbA.c"])("is unknown from %s", (token) =>
    expect(onlookerOf(token)).toBeNull(),
  );
});
