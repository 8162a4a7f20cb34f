import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** What Neutralino writes to the standard input of an extension, as one JSON object. */
const handshakeShape = z.object({
  /** A string, whatever it looks like. */
  nlPort: z.string().regex(/^\d{1,5}$/),
  nlToken: z.string().min(1),
  nlConnectToken: z.string().min(1),
  nlExtensionId: z.string().min(1),
});

/** Where Neutralino's core listens, and what it knows us by. */
export type Handshake = z.infer<typeof handshakeShape>;

const LONGEST_WAIT_MS = 10_000;

/** Reads it. Rejects when nothing of the kind comes: whoever starts us by hand is not Neutralino. */
export async function readHandshake(input: Readable): Promise<Handshake> {
  const timer = setTimeout(() => input.destroy(new Error("Neutralino said nothing")), LONGEST_WAIT_MS);
  try {
    return handshakeShape.parse(JSON.parse(await text(input)));
  } finally {
    clearTimeout(timer);
  }
}

/** The address of the core's socket. IPv4 only: it listens nowhere else, and takes no other host. */
export function coreAddress({ nlPort, nlConnectToken, nlExtensionId }: Handshake): string {
  const query = new URLSearchParams({ extensionId: nlExtensionId, connectToken: nlConnectToken });
  return `ws://127.0.0.1:${nlPort}?${query}`;
}
