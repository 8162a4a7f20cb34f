import { condition, defineUpdate, setHandler } from "@temporalio/workflow";

/** Sets a value and answers it; the least that an update can do. */
export const setUpdate = defineUpdate<string, [string]>("set");

/** A workflow that has nothing but one update and never ends. */
export async function bareUpdate(): Promise<void> {
  let value = "";
  setHandler(setUpdate, (next) => {
    value = next;
    return value;
  });
  await condition(() => false);
}
