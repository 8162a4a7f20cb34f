import { ONLY, put, type Store } from "./store/store.ts";

/** Which desktop this is: made once, and on the disk before the API hears of it. `newId` gives a UUID. */
export async function desktopIdentity(store: Store, newId: () => string): Promise<string> {
  const known = store.get("identity", ONLY);
  if (known !== undefined) return known.desktopId;
  const desktopId = newId();
  await store.commit([put("identity", ONLY, { desktopId })]);
  return desktopId;
}
