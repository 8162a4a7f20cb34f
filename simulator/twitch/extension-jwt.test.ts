import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { extensionJwt } from "./extension-jwt.ts";

/** Holds both letters in which the two base64 alphabets differ. */
const secret = "+/+/c2VjcmV0IG9mIHRoZSBleHRlbnNpb24rLw==";
const options = { secret, channelId: "1001" };

function claimsOf(token: string) {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

it("is signed with HS256 and the decoded secret", async () => {
  const token = await extensionJwt({ role: "viewer", userId: "77" }, options);
  const [header, payload, signature] = token.split(".");
  const key = Buffer.from(secret, "base64");
  expect(signature).toBe(createHmac("sha256", key).update(`${header}.${payload}`).digest("base64url"));
  expect(JSON.parse(Buffer.from(header ?? "", "base64url").toString())).toEqual({ alg: "HS256", typ: "JWT" });
});

it("shows a viewer who shares identity under id and a stable opaque id", async () => {
  const [one, two] = await Promise.all([
    extensionJwt({ role: "viewer", userId: "77" }, options),
    extensionJwt({ role: "viewer", userId: "77" }, options),
  ]);
  expect(claimsOf(one)).toMatchObject({
    channel_id: "1001",
    role: "viewer",
    user_id: "77",
    opaque_user_id: expect.stringMatching(/^U/),
    exp: expect.any(Number),
  });
  expect(claimsOf(one).opaque_user_id).toBe(claimsOf(two).opaque_user_id);
});

it.each([
  ["not linked", { role: "viewer", unlinked: "abc" }, "Uabc"],
  ["logged out", { role: "viewer", anonymous: "xyz" }, "Axyz"],
] as const)("hides a viewer who is %s", async (_, user, opaque) => {
  const claims = claimsOf(await extensionJwt(user, options));
  expect(claims.opaque_user_id).toBe(opaque);
  expect(claims).not.toHaveProperty("user_id");
});

it("lets the broadcaster be the channel, and the moderator somebody else", async () => {
  expect(claimsOf(await extensionJwt({ role: "broadcaster" }, options))).toMatchObject({
    role: "broadcaster",
    user_id: "1001",
    opaque_user_id: "U1001",
  });
  expect(claimsOf(await extensionJwt({ role: "moderator", userId: "5" }, options))).toMatchObject({
    role: "moderator",
    user_id: "5",
  });
});

it("can be broken: expired, short of a claim, in another algorithm or in none", async () => {
  const user = { role: "viewer", userId: "77" } as const;
  expect(claimsOf(await extensionJwt(user, { ...options, expiresInSeconds: -60 })).exp).toBeLessThan(Date.now() / 1000);
  expect(claimsOf(await extensionJwt(user, { ...options, claims: { exp: undefined } }))).not.toHaveProperty("exp");
  expect(claimsOf(await extensionJwt(user, { ...options, claims: { role: "external" } })).role).toBe("external");
  const algorithmOf = async (algorithm: "HS512" | "none") =>
    JSON.parse(
      Buffer.from((await extensionJwt(user, { ...options, algorithm })).split(".")[0] ?? "", "base64url").toString(),
    ).alg;
  expect(await algorithmOf("HS512")).toBe("HS512");
  expect(await algorithmOf("none")).toBe("none");
});
