import { parseArgs } from "node:util";
import { runForgedLog } from "../desktop/test/forged-log-run.ts";
import { report } from "./measure/report.ts";

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
const accepted = sum((one) => one.acceptedForgeries.length + one.strayConsequences.length);
const genuineMissed = sum((one) => one.missedGenuine.length);
const isReached = accepted === 0 && genuineMissed === 0;
report({
  bench: "forged-lines",
  figure: {
    seed,
    forged: sum((one) => one.forged),
    accepted,
    genuine: sum((one) => one.genuine),
    genuineMissed,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  },
  baseline: null,
  ratio: null,
  spread: null,
  goal: "none accepted, no genuine line missed",
  isReached,
  result: `${accepted} of ${sum((one) => one.forged)} accepted, ${genuineMissed} genuine missed`,
});
process.exitCode = isReached ? 0 : 1;
