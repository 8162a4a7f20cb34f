import { parseArgs } from "node:util";
import { runForgedLog } from "../desktop/test/forged-log-run.ts";

/*
 * Forged log lines against the bridge: `npm run bench:forged-lines` writes a million of them, half in the words of each
 * client, with the addon's own in between, and prints one JSON line. Ends with status 1 when one of them was believed, or
 * one of the addon's was not.
 */

const { values } = parseArgs({
  options: { lines: { type: "string", default: "1000000" }, seed: { type: "string", default: "20260404" } },
});
const seed = Number(values.seed);
const each = Math.ceil(Number(values.lines) / 2);
const secrets = { key: "0123456789abcdef", spentKey: "fedcba9876543210", spentNonce: "a".repeat(32) };
const startedAt = performance.now();
const english = await runForgedLog({ ...secrets, locale: "enUS", character: "Mimiron" }, seed, each);
const russian = await runForgedLog({ ...secrets, locale: "ruRU", character: "Мимирон" }, seed + 1, each);
const both = [english, russian];
const sum = (count: (one: typeof english) => number) => both.reduce((total, one) => total + count(one), 0);
const result = {
  bench: "forged-lines",
  seed,
  forged: sum((one) => one.forged),
  accepted: sum((one) => one.acceptedForgeries.length + one.strayConsequences.length),
  genuine: sum((one) => one.genuine),
  genuineMissed: sum((one) => one.missedGenuine.length),
  seconds: Math.round((performance.now() - startedAt) / 100) / 10,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = result.accepted === 0 && result.genuineMissed === 0 ? 0 : 1;
