import { isIP, SocketAddress } from "node:net";

/** What tells where a request comes from. */
export interface AddressSource {
  /** The socket's other end. */
  readonly remoteAddress: string | undefined;
  /** The value of X-Forwarded-For; each proxy adds at the right whom it was asked by. */
  readonly forwardedFor: string;
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/**
 * Under which address a client is counted: an IPv4 address, or the /64 that an IPv6 address is in, because whoever has
 * one address there has them all. Of X-Forwarded-For only what `trustedHops` proxies of ours have added is believed;
 * where it is too short or no address, the next nearer one stands.
 */
export function clientAddress({ remoteAddress, forwardedFor }: AddressSource, trustedHops: number): string {
  const nearest = countedAddress(remoteAddress ?? "") ?? "unknown";
  if (trustedHops === 0) return nearest;
  const believed = forwardedFor.split(",").slice(-trustedHops);
  return believed.map(countedAddress).find((address) => address !== null) ?? nearest;
}

function countedAddress(text: string): string | null {
  const address = withoutPort(text.trim());
  const version = isIP(address);
  if (version === 0) return null;
  if (version === 4) return address;
  const { address: canonical } = new SocketAddress({ address, family: "ipv6" });
  return MAPPED.exec(canonical)?.[1] ?? prefix64(canonical);
}

/** Some proxies add the port: 192.0.2.1:4711, [2001:db8::1]:4711. */
function withoutPort(text: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
}

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/** The first half of a canonical IPv6 address. */
function prefix64(address: string): string {
  const [left = [], right = []] = address.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const zeros = Array<string>(GROUPS - Math.min(GROUPS, left.length + right.length)).fill("0");
  return `${[...left, ...zeros, ...right].slice(0, NETWORK_GROUPS).join(":")}::/64`;
}
