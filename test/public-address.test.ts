import { describe, expect, test } from "vitest";
import { PrivateAddress, checkedLookup, isPublicAddress } from "../src/public-address.ts";
import { addressFault } from "../src/webhooks/webhook-address.ts";

describe("an address of the public internet", () => {
  test.each([
    "1.1.1.1",
    "93.184.215.14",
    "172.32.0.1",
    "192.169.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00::1",
  ])("is %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each([
    ["this host", "0.0.0.0"],
    ["private", "10.0.0.1"],
    ["private", "172.16.0.1"],
    ["private", "172.31.255.255"],
    ["private", "192.168.1.1"],
    ["a carrier's", "100.64.0.1"],
    ["loopback", "127.0.0.1"],
    ["loopback", "127.255.255.254"],
    ["link-local, where clouds keep their secrets", "169.254.169.254"],
    ["for benchmarks", "198.18.0.1"],
    ["for documentation", "203.0.113.7"],
    ["multicast", "224.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified", "::"],
    ["loopback", "::1"],
    ["mapped", "::ffff:127.0.0.1"],
    ["mapped, though public", "::ffff:1.1.1.1"],
    ["translated", "64:ff9b::a00:1"],
    ["6to4", "2002:7f00:1::"],
    ["Teredo", "2001::1"],
    ["for documentation", "2001:db8::1"],
    ["unique local", "fd00::1"],
    ["link-local", "fe80::1"],
    ["multicast", "ff02::1"],
    ["no address", "example.com"],
  ])("is not one that is %s: %s", (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

/** What a connection is given to connect to. */
function looked(host: string, isAllowed: (address: string) => boolean, all: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    checkedLookup(isAllowed)(host, { all }, (error, found) => (error ? reject(error) : resolve(found)));
  });
}

const isLoopback = (address: string) => address === "127.0.0.1";

describe("a name that is looked up for a connection", () => {
  test("fails if all of its addresses are private, whichever form is asked for", async () => {
    for (const all of [true, false])
      await expect(looked("localhost", isPublicAddress, all)).rejects.toBeInstanceOf(PrivateAddress);
  });

  test("is given only those of its addresses that are allowed", async () => {
    expect(await looked("127.0.0.1", isLoopback, true)).toEqual([{ address: "127.0.0.1", family: 4 }]);
    expect(await looked("127.0.0.1", isLoopback, false)).toBe("127.0.0.1");
  });
});

describe("the address of a webhook", () => {
  test.each([
    ["https://shop.example/hooks?from=herald", "", null],
    ["https://1.1.1.1/", "", null],
    ["https://shop.example:8443", "", null],
    ["http://shop.example", "", "not-https"],
    ["http://shop.example", "shop.example", null],
    ["http://crm.shop.example", "other.example, shop.example", null],
    ["https://10.0.0.7/", "", "private"],
    ["http://10.0.0.7/", "10.0.0.0/8", null],
    ["http://[fd00::7]/", "fd00::/8", null],
    ["https://2130706433/", "", "private"],
    ["https://user@shop.example", "shop.example", "has-login"],
    ["javascript:alert(1)", "*", "not-an-address"],
    ["shop.example", "", "not-an-address"],
  ])("%s with WEBHOOK_ALLOW=%j: %s", (address, allowed, fault) => {
    expect(addressFault(address, allowed)).toBe(fault);
  });
});
