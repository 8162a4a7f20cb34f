import { readFileSync } from "node:fs";

/*
 * Loaded before a process of ours (NODE_OPTIONS). Its wall clock is off by as many milliseconds as the file says that
 * CLOCK_OFFSET_FILE names; timers go on as before, as they do when somebody sets a machine's clock. And it ends when the
 * driver does, who may be killed too.
 */

const LOOK_EVERY_MS = 50;
// biome-ignore lint/style/noProcessEnv: this is loaded before any configuration could be.
const { CLOCK_OFFSET_FILE: file = "" } = process.env;
const RealDate = Date;
let offsetMs = 0;

function look() {
  try {
    offsetMs = Number(readFileSync(file, "utf8")) || 0;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

look();
setInterval(look, LOOK_EVERY_MS).unref();
const now = () => RealDate.now() + offsetMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget === globalThis.Date ? target : newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
});

process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// The listener alone would keep the process alive for ever.
process.channel?.unref();
