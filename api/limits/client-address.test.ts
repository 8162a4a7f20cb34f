import { describe, expect, it } from "vitest";
import { clientAddress } from "./client-address.ts";

const PROXY = "10.0.0.1";
const behind = (hops: number, forwardedFor: string) => clientAddress({ remoteAddress: PROXY, forwardedFor }, hops);
const direct = (remoteAddress: string | undefined) => clientAddress({ remoteAddress, forwardedFor: "" }, 0);

describe("the address that a client is counted under", () => {
  it("is the socket's own without trusted proxies, whatever the header says", () => {
    expect(behind(0, "192.0.2.1")).toBe(PROXY);
    expect(direct(undefined)).toBe("unknown");
  });

  it.each([
    [1, "192.0.2.7", "192.0.2.7"],
    [1, "1.1.1.1, 192.0.2.7", "192.0.2.7"],
    [2, "1.1.1.1, 192.0.2.7, 10.0.0.2", "192.0.2.7"],
    [3, "1.1.1.1,192.0.2.7 , 10.0.0.3, 10.0.0.2", "192.0.2.7"],
  ])("is counted from the right behind %i proxies: %s", (hops, header, address) => {
    expect(behind(hops, header)).toBe(address);
  });

  it.each([
    [1, "", PROXY],
    [2, "192.0.2.7", "192.0.2.7"],
    [1, "1.1.1.1, unknown", PROXY],
    [2, "1.1.1.1, garbage, 10.0.0.2", "10.0.0.2"],
  ])("falls to the next nearer one when the header is too short or no address (%i, %j)", (hops, header, address) => {
    expect(behind(hops, header)).toBe(address);
  });

  it("takes off ports", () => {
    expect(behind(1, "192.0.2.7:4711")).toBe("192.0.2.7");
    expect(behind(1, "[2001:db8::1]:4711")).toBe("2001:db8:0:0::/64");
  });

  it("sees an IPv4 address in its IPv6 clothes", () => {
    expect(direct("::ffff:192.0.2.1")).toBe("192.0.2.1");
    expect(direct("::FFFF:c000:201")).toBe("192.0.2.1");
    expect(direct("192.0.2.1")).toBe("192.0.2.1");
  });

  it("counts a /64 as one, however the address is written", () => {
    const same = ["2001:db8:1:2::1", "2001:0DB8:1:2:3:4:5:6", "2001:db8:1:2:ffff::"].map(direct);
    expect(new Set(same)).toEqual(new Set(["2001:db8:1:2::/64"]));
    expect(direct("2001:db8:1:3::1")).toBe("2001:db8:1:3::/64");
    expect(direct("2001:db8::1:0:0:5")).toBe("2001:db8:0:0::/64");
    expect(direct("::1")).toBe("0:0:0:0::/64");
    expect(direct("1:2:3:4:5:6:7::")).toBe("1:2:3:4::/64");
    expect(direct("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
  });
});
