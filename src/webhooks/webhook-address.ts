import { isIP } from "node:net";
import { isExempt, withoutBrackets } from "../telegram/proxy.ts";
import { isPublicAddress } from "../public-address.ts";

/** Why an address cannot be a webhook's. */
export type AddressFault = "not-an-address" | "not-https" | "has-login" | "private";

/**
 * Checks the address of a webhook, as far as it can be told without resolving its name. `allowed` are the hosts and
 * networks of WEBHOOK_ALLOW, which may be private, and may be reached without TLS. Null if nothing is wrong.
 */
export function addressFault(text: string, allowed: string): AddressFault | null {
  if (!URL.canParse(text)) return "not-an-address";
  const { protocol, hostname, username, password } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return "not-an-address";
  if (username || password) return "has-login";
  const host = withoutBrackets(hostname);
  if (isExempt(host, allowed)) return null;
  if (isIP(host) && !isPublicAddress(host)) return "private";
  return protocol === "https:" ? null : "not-https";
}
