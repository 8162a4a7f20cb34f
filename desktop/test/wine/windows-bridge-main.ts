import { systemClock } from "../../bridge/clock.ts";
import { createInput } from "../../bridge/input/create-input.ts";
import { serveTest } from "./line-port.ts";

/*
 * Runs in Node for Windows: the input side of the bridge as it is there, with the real koffi and robotjs. The test can
 * have it stop at one of its pauses, to change the world under a line that is half typed.
 */

const port = Number(process.argv[2]);
let chosen: string | null = null;
let stopAtPause = 0;
let goOn: () => void = () => undefined;
let stopping = new AbortController();

const clock = {
  now: systemClock.now,
  sleep: async (ms: number, signal: AbortSignal) => {
    await systemClock.sleep(ms, signal);
    stopAtPause -= 1;
    if (stopAtPause !== 0) return;
    const released = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    tell("paused");
    await released;
  },
};
const made = createInput({
  clock,
  chosenWindow: () => chosen,
  platform: process.platform,
  display: undefined,
  openingMs: 150,
});

const { tell } = serveTest(port, {
  fault: async () => (await made).fault,
  names: async () =>
    (await made).strategies({ strategy: "send_input", mayUseOtherStrategy: true }).map(({ name }) => name),
  type: async (strategy: "post_message" | "send_input", line: string) => {
    stopping = new AbortController();
    const [typist] = (await made).strategies({ strategy, mayUseOtherStrategy: false });
    return typist?.type(line, stopping.signal);
  },
  look: async () => (await made).look(),
  findGame: async () => (await made).desk.findGame(),
  stillForMs: async () => (await made).desk.stillForMs(),
  choose: (id: string | null) => {
    chosen = id;
  },
  stopAtPause: (count: number) => {
    stopAtPause = count;
  },
  goOn: () => goOn(),
  abort: () => stopping.abort(),
});
