import { systemClock } from "../bridge/clock.ts";
import { Delivery } from "../bridge/delivery/delivery.ts";
import { ApiClient } from "../bridge/http/api-client.ts";
import { desktopIdentity } from "../bridge/identity.ts";
import { takeInto } from "../bridge/intake/intake.ts";
import { LOG_BEGINNING } from "../bridge/log/log-position.ts";
import { followLog } from "../bridge/log/log-tail.ts";
import { ONLY, Store } from "../bridge/store/store.ts";

/*
 * The bridge from the log to the API, in a process of its own that a test kills. Only one that is to DRAIN ends by
 * itself, when everything that is in the log was told.
 */

const { STORE_FOLDER = "", LOG_PATH = "", API_URL = "", DRAIN } = process.env;
const store = await Store.open(STORE_FOLDER);
const desktopId = await desktopIdentity(store, () => crypto.randomUUID());
const api = new ApiClient({ apiUrl: API_URL, apiKey: "key", desktopId, deadlineMs: 2_000 });
// Back-offs of a tenth: the test has many rounds.
const hurried = { ...systemClock, sleep: (ms: number, signal: AbortSignal) => systemClock.sleep(ms / 10, signal) };
const delivery = new Delivery({ store, api, clock: hurried, alert: () => undefined });
const fail = (fault: unknown): never => {
  throw fault;
};
const tail = followLog({
  path: LOG_PATH,
  position: store.get("position", ONLY) ?? LOG_BEGINNING,
  take: takeInto({ store, clock: systemClock, onEvent: () => undefined, onStored: () => delivery.wake() }),
  onFault: fail,
  clock: systemClock,
  pollMs: 50,
});
const running = delivery.run(new AbortController().signal);
if (DRAIN !== undefined) {
  await tail.look();
  while (store.all("fact").size > 0) await systemClock.sleep(20, AbortSignal.timeout(60_000));
  await store.close();
  process.exit(0);
}
await running;
