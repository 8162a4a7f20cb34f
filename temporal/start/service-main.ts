/*
 * Runs a program of ours as a service of the launcher: `service-main.ts <address of the program>`. A launcher that is
 * killed cannot stop anybody; the channel to it closes all the same, and nobody stays behind on its ports.
 */

const LONGEST_FAREWELL_MS = 30_000;

const [program] = process.argv.slice(2);
if (program === undefined) throw new Error("usage: service-main.ts <address of the program>");
process.on("disconnect", () => {
  setTimeout(() => process.exit(1), LONGEST_FAREWELL_MS).unref();
  process.kill(process.pid, "SIGTERM");
});
// The listener alone would keep the process alive for ever.
process.channel?.unref();
await import(program);

export {};
