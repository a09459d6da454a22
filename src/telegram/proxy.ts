import { BlockList, isIP, isIPv4 } from "node:net";

/** A proxy on the way to Telegram. */
export interface Proxy {
  /** With `socks5h` the proxy resolves Telegram's host name, with `socks5` this machine does. */
  type: (typeof TYPES)[number];
  host: string;
  port: number;
  /** Null if none is needed. */
  login: { name: string; password: string } | null;
  /** For people to read: `socks5h://10.0.0.1:1080`, without the login. */
  address: string;
}

const TYPES = ["http", "https", "socks5", "socks5h"] as const;
const PORTS = { http: 80, https: 443, socks5: 1080, socks5h: 1080 };

const FORM =
  "Write it as http://host:port, https://, socks5:// or socks5h://, with user:password@ before the host where the proxy wants " +
  "them and what is special in them percent-encoded: / as %2F, # as %23, @ as %40.";

/** Reads a variable; undefined if it is unset or empty. */
type Read = (name: string) => string | undefined;

/**
 * The proxy for an address, from the same variables as curl: HTTPS_PROXY or HTTP_PROXY depending on the address, else
 * ALL_PROXY, unless NO_PROXY names the host. Lower-case names take precedence. Null if there is none.
 * @returns a string if the variable is invalid: why, and what to do.
 */
export function findProxy(target: URL, read: Read): Proxy | null | string {
  const set = (name: string) =>
    [name.toLowerCase(), name].map((as) => ({ as, value: read(as) })).find(({ value }) => value);
  const [https, http, all, none] = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"].map(set);
  const chosen = (target.protocol === "https:" ? https : http) ?? all;
  if (!chosen?.value || isExempt(target.hostname, none?.value ?? "")) return null;
  return readProxy(chosen.value) ?? `${chosen.as} cannot be read. ${FORM}`;
}

/** Null if the text is not the address of a proxy that Herald can use. */
function readProxy(text: string): Proxy | null {
  const full = text.includes("://") ? text : `http://${text}`;
  try {
    const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(full);
    const type = TYPES.find((one) => `${one}:` === protocol);
    // A path means that the password contains a slash.
    if (!type || !hostname || port === "0" || !["", "/"].includes(pathname + search + hash)) return null;
    const number = Number(port || PORTS[type]);
    return {
      type,
      host: withoutBrackets(hostname),
      port: number,
      login:
        username || password
          ? { name: decodeURIComponent(username), password: decodeURIComponent(password) }
          : null,
      address: `${type}://${hostname}:${number}`,
    };
  } catch {
    return null; // not an address, or a lone % in the login
  }
}

/** An IPv6 address without its brackets. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/**
 * True if NO_PROXY names a host: `example.com` or `.example.com` with all subdomains, an address, a network such as
 * 10.0.0.0/8, or `*` for everything; separated by commas or blanks. As in curl, plus what other programs accept, such
 * as `*.example.com`.
 */
export function isExempt(hostname: string, noProxy: string): boolean {
  const host = withoutBrackets(hostname.toLowerCase()).replace(/\.$/, "");
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => entry === "*" || (isIP(host) ? isWithin(host, entry) : isBelow(host, entry)));
}

function isBelow(host: string, entry: string): boolean {
  const domain = entry.replace(/^\*?\./, "").replace(/\.$/, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

function isWithin(host: string, entry: string): boolean {
  const [network = "", bits] = entry.split("/").map((part) => withoutBrackets(part));
  const family = isIPv4(network) ? "ipv4" : "ipv6";
  const longest = family === "ipv4" ? 32 : 128;
  const prefix = Number(bits ?? longest);
  if (!isIP(network) || !Number.isInteger(prefix) || prefix < 0 || prefix > longest) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(host, isIPv4(host) ? "ipv4" : "ipv6");
}

/**
 * The proxy is at fault, not Telegram: it cannot be reached, refuses, or is not a proxy. Nothing has been sent through
 * it.
 */
export class ProxyFailed extends Error {
  override readonly name = "ProxyFailed";
  readonly address: string;
  /** What it does instead: `refuses the user name or password`. */
  readonly what: string;

  constructor({ address }: Proxy, what: string) {
    super(`the proxy ${address} ${what}`);
    this.address = address;
    this.what = what;
  }
}

/** The proxy's failure behind an error of grammY's client; null if the proxy is not at fault. */
export function proxyFailureIn(error: unknown): ProxyFailed | null {
  if (error instanceof ProxyFailed) return error;
  if (!(error instanceof Error)) return null;
  return proxyFailureIn(error.cause ?? (error as { error?: unknown }).error);
}
