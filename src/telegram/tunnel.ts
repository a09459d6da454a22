import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { type Socket, isIP, isIPv6 } from "node:net";
import { type Proxy, ProxyFailed } from "./proxy.ts";

/** How long a proxy may take to connect. */
const TUNNEL_MS = 10_000;

export interface Destination {
  host: string;
  port: number;
}

/**
 * Opens a connection through a proxy, without writing anything to it.
 * @throws ProxyFailed, or another error if the proxy works but cannot reach the destination.
 */
export async function openTunnel(proxy: Proxy, to: Destination): Promise<Socket> {
  const socket = await (proxy.type.startsWith("socks") ? throughSocks(proxy, to) : throughHttp(proxy, to));
  socket.setNoDelay(true);
  return socket;
}

/** The header that authorises us at an HTTP proxy. */
export function authorization({ login }: Proxy): { "proxy-authorization"?: string } {
  if (!login) return {};
  const pair = Buffer.from(`${login.name}:${login.password}`).toString("base64");
  return { "proxy-authorization": `Basic ${pair}` };
}

/** The failure of a proxy that answers 407. */
export function wantsLogin(proxy: Proxy): ProxyFailed {
  return new ProxyFailed(
    proxy,
    proxy.login ? "refuses the user name or password" : "asks for a user name and password",
  );
}

function notReached(proxy: Proxy, { host, port }: Destination, why: string): Error {
  return new Error(`${host}:${port} is out of reach for the proxy ${proxy.address} (${why})`);
}

function throughHttp(proxy: Proxy, to: Destination): Promise<Socket> {
  const authority = `${isIPv6(to.host) ? `[${to.host}]` : to.host}:${to.port}`;
  return new Promise((resolve, reject) => {
    const call = (proxy.type === "https" ? https : http).request({
      host: proxy.host,
      port: proxy.port,
      method: "CONNECT",
      path: authority,
      headers: { host: authority, connection: "keep-alive", ...authorization(proxy) },
      agent: false,
    });
    const timer = setTimeout(
      () => call.destroy(new Error(`no answer within ${TUNNEL_MS / 1000} s`)),
      TUNNEL_MS,
    );
    call.on("close", () => clearTimeout(timer));
    call.on("error", (error) => reject(new ProxyFailed(proxy, `fails: ${wordsOf(error)}`)));
    call.on("connect", ({ statusCode = 0 }, socket: Socket) => {
      clearTimeout(timer);
      if (statusCode >= 200 && statusCode < 300) return resolve(socket);
      socket.destroy();
      if (statusCode === 407) reject(wantsLogin(proxy));
      else if (statusCode >= 500) reject(notReached(proxy, to, `HTTP ${statusCode}`));
      else reject(new ProxyFailed(proxy, `refuses to connect to ${authority} (HTTP ${statusCode})`));
    });
    call.end();
  });
}

/** RFC 1928, section 6, in the package's words: the proxy works, but cannot reach the destination. */
const OUT_OF_REACH = /NetworkUnreachable|HostUnreachable|ConnectionRefused|TTLExpired/;

async function throughSocks(proxy: Proxy, to: Destination): Promise<Socket> {
  const { host, port, login } = proxy;
  const looksUp = proxy.type === "socks5" && !isIP(to.host);
  const destination = looksUp ? { ...to, host: (await lookup(to.host)).address } : to;
  // Most have no such proxy, and need not load it.
  const { SocksClient } = await import("socks");
  try {
    const { socket } = await SocksClient.createConnection({
      proxy: { host, port, type: 5, ...(login && { userId: login.name, password: login.password }) },
      command: "connect",
      destination,
      timeout: TUNNEL_MS,
    });
    return socket;
  } catch (error) {
    const words = wordsOf(error as Error);
    if (OUT_OF_REACH.test(words)) throw notReached(proxy, to, words);
    if (/auth/i.test(words)) throw wantsLogin(proxy);
    throw new ProxyFailed(proxy, `fails: ${words}`);
  }
}

/** If several addresses refused, Node's error has only a code. */
function wordsOf(error: NodeJS.ErrnoException): string {
  return error.message || (error.code ?? error.name);
}
