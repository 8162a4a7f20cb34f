import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One POST that the callback took in. */
export type ReceivedPost = { headers: Record<string, string | undefined>; body: Buffer };

/** A webhook that keeps what it gets; `answer` makes its reply, 204 by default. */
export async function startCallback(answer?: (post: ReceivedPost) => { status: number; body?: string }) {
  const received: ReceivedPost[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const post = { headers: request.headers as Record<string, string | undefined>, body: Buffer.concat(chunks) };
    received.push(post);
    const { status, body } = answer?.(post) ?? { status: 204 };
    response.writeHead(status, { "Content-Type": "text/plain" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/twitch/eventsub`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, received, stop };
}
