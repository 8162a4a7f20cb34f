import { createHmac, timingSafeEqual } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { jwtVerify } from "jose";
import Koa from "koa";

/*
 * The same framework doing only what cannot be avoided, as a process of its own:
 *
 *   GET  verifies the extension's token as the API does and answers the bytes of BODY;
 *   POST verifies the webhook's signature over the whole body and answers 200.
 *
 * Settings: PORT, EXTENSION_SECRET (standard base64), EVENTSUB_SECRET, BODY.
 */

const { PORT, EXTENSION_SECRET = "", EVENTSUB_SECRET = "", BODY = "" } = process.env;
const tokenKey = await crypto.subtle.importKey(
  "raw",
  Buffer.from(EXTENSION_SECRET, "base64"),
  { name: "HMAC", hash: "SHA-256" },
  false,
  ["verify"],
);
const body = Buffer.from(BODY);

const app = new Koa();
app.use(async (ctx) => {
  if (ctx.path === "/") {
    // Whoever started this asks whether it is there.
    ctx.status = 204;
    return;
  }
  if (ctx.method === "GET") {
    const token = ctx.get("Authorization").slice("Bearer ".length);
    await jwtVerify(token, tokenKey, { algorithms: ["HS256"], requiredClaims: ["exp"], clockTolerance: 30 });
    ctx.type = "application/json";
    ctx.body = body;
    return;
  }
  const received = await buffer(ctx.req);
  const expected = createHmac("sha256", EVENTSUB_SECRET)
    .update(ctx.get("Twitch-Eventsub-Message-Id"))
    .update(ctx.get("Twitch-Eventsub-Message-Timestamp"))
    .update(received)
    .digest();
  const claimed = Buffer.from(ctx.get("Twitch-Eventsub-Message-Signature").slice("sha256=".length), "hex");
  ctx.status = claimed.length === expected.length && timingSafeEqual(claimed, expected) ? 200 : 403;
});
app.listen(Number(PORT), "127.0.0.1");
