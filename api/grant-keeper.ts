import type { Logger } from "pino";

const LOOK_EVERY_MS = 60_000;

/** Has the grants looked after from `start` to `stop`; does not keep the process alive. */
export function grantKeeper(grants: { validate(): Promise<void> }, log: Logger, everyMs = LOOK_EVERY_MS) {
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  let isStopped = false;
  const start = (): void => {
    turn = grants
      .validate()
      .catch((error: unknown) => log.warn({ error }, "the Twitch grants could not be looked after"))
      .then(() => {
        if (!isStopped) timer = setTimeout(start, everyMs).unref();
      });
  };
  return {
    start,
    async stop(): Promise<void> {
      isStopped = true;
      clearTimeout(timer);
      await turn;
    },
  };
}
