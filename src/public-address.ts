import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { BlockList, type LookupFunction, isIPv4 } from "node:net";

/** IANA's special-purpose addresses that are not globally reachable (RFC 6890 and its registry), and multicast. */
const SPECIAL = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  SPECIAL.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  // 6to4, which carries an IPv4 address of any kind.
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  SPECIAL.addSubnet(network, prefix, "ipv6");

/** All that is assigned to the public internet. Loopback, local, mapped and translated addresses lie outside. */
const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet("2000::", 3, "ipv6");

/** True if an IP address is one of the public internet: not private, loopback, link-local or otherwise special. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !SPECIAL.check(address, "ipv4");
  return GLOBAL_UNICAST.check(address, "ipv6") && !SPECIAL.check(address, "ipv6");
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
