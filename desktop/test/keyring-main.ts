import { keyringPlace } from "../bridge/api-key/keyring-place.ts";

/* Asks the keyring of its own session, in a process of its own: which one that is, the environment decides. */

const place = keyringPlace("an account of a test");
const before = await place.read();
const isWritten = await place.write("a key of a test");
const kept = await place.read();
const ofOther = await keyringPlace("another account").read();
await place.remove();
process.stdout.write(JSON.stringify({ before, isWritten, kept, ofOther, after: await place.read() }));
