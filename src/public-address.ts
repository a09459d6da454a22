import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** True if an IP address is one of the public internet: not private, loopback, link-local or otherwise special. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === "unicast";
}

/** A name resolves into a private network, where nothing may be called. */
export class PrivateAddress extends Error {
  override readonly name = "PrivateAddress";
}

/**
 * A `lookup` for a connection, which then goes to an address that has been checked: a name that resolves otherwise a moment
 * later does not matter. Fails with PrivateAddress if no address of the host is allowed.
 */
export function checkedLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options: LookupOptions, done) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first, ...more] = error ? [] : addresses.filter(({ address }) => isAllowed(address));
      if (error) done(error, "", 0);
      else if (!first) done(new PrivateAddress(`${hostname} is in a private network`), "", 0);
      else if (options.all) done(null, [first, ...more]);
      else done(null, first.address, first.family);
    });
  };
}
