import { ApplicationFailure, log } from "@temporalio/workflow";

/** Refusals are answers to whoever asked; where nobody waits for one, it is only worth a line in the log. */
export async function quietly(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    log.warn("a request was refused", { what, code: error.type });
  }
}
