import { createInput } from "../../bridge/input/create-input.ts";
import { BREATH_MS } from "../../bridge/input/type-line.ts";
import { serveTest } from "./line-port.ts";
import { PausingClock } from "./pausing-clock.ts";

/*
 * Runs in Node for Windows: the input side of the bridge as it is there, with the real koffi and robotjs. The test can
 * hold it in the middle of a line, to change the world meanwhile.
 */

const port = Number(process.argv[2]);
const clock = new PausingClock();
let chosen: string | null = null;
let stopping = new AbortController();

const made = createInput({
  clock,
  chosenWindow: () => chosen,
  platform: process.platform,
  display: undefined,
  openingMs: 300,
});

serveTest(port, {
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
  holdNextBreath: () => {
    clock.holdNext(BREATH_MS);
  },
  held: () => clock.held(),
  goOn: () => clock.goOn(),
  abort: () => stopping.abort(),
});
