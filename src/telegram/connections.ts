import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { urlToHttpOptions } from "node:url";
import { callbackify } from "node:util";
import { type Proxy, ProxyFailed } from "./proxy.ts";
import { authorization, openTunnel, wantsLogin } from "./tunnel.ts";

/** Kept-alive connections to Telegram, through a proxy if there is one. */
export interface Connections {
  /** True if the connections use TLS. */
  secure: boolean;
  /** Options for each request, whose path follows `prefix` and whose headers are added to these. */
  options: http.RequestOptions;
  prefix: string;
  headers: http.OutgoingHttpHeaders;
  /**
   * To be called with each answer, which may say how long its connection is kept. Returns the failure if the proxy
   * refused.
   */
  heard(answer: http.IncomingMessage): ProxyFailed | null;
  /** The error of a connection that was never established; if it was to the proxy, the proxy's failure. */
  explain(error: Error): Error;
}

/**
 * How long an idle connection is kept if its peer does not say. A call sent while the peer closes is lost, and looks as
 * if it may have arrived. nginx is rarely set to less than 2 s, and its clock starts before ours.
 */
const IDLE_MS = 1_500;

/** An idle connection is closed this long before its peer would close it. */
const MARGIN_MS = 1_000;

export function createConnections(target: URL, proxy: Proxy | null): Connections {
  // An HTTP proxy forwards calls to http:// itself, without a tunnel.
  const forwarder = target.protocol === "http:" && proxy?.type.startsWith("http") ? proxy : null;
  const secure = (forwarder ? forwarder.type : target.protocol).startsWith("https");
  // Room for all calls in flight: with Node's default of 256, connections would be closed and opened all the time.
  const agent = new (secure ? https : http).Agent({ keepAlive: true, maxFreeSockets: 1_024 });
  const granted = keepFor(agent);
  if (proxy && !forwarder) tunnel(agent, proxy, target);
  const path = target.pathname.replace(/\/+$/, "");
  return {
    secure,
    options: {
      ...urlToHttpOptions(target),
      ...(forwarder && {
        protocol: `${forwarder.type}:`,
        hostname: forwarder.host,
        host: forwarder.host,
        port: forwarder.port,
      }),
      method: "POST",
      agent,
    },
    prefix: forwarder ? `${target.origin}${path}` : path,
    headers: forwarder ? { host: target.host, ...authorization(forwarder) } : {},
    heard({ socket, headers, statusCode }) {
      const ms = grantedMs(headers["keep-alive"]);
      if (ms !== null) granted.set(socket, ms);
      return forwarder && statusCode === 407 ? wantsLogin(forwarder) : null;
    },
    explain: (error) => (forwarder ? new ProxyFailed(forwarder, `fails: ${error.message}`) : error),
  };
}

/**
 * Closes idle connections in time. Returns a map for the caller to fill: connection → how long its peer keeps it, in
 * ms.
 */
function keepFor(agent: http.Agent): WeakMap<object, number> {
  const granted = new WeakMap<object, number>();
  // Node honours the peer's hint only if the agent has a timeout, and then never keeps a connection longer than that.
  agent.keepSocketAlive = (socket) => {
    const kept = socket as Socket;
    kept.setKeepAlive(true, MARGIN_MS);
    kept.unref();
    kept.setTimeout(granted.get(kept) ?? IDLE_MS);
    return true;
  };
  return granted;
}

/** The time in `Keep-Alive: timeout=5, max=100` minus a margin; null if there is none. */
function grantedMs(header: string | string[] | undefined): number | null {
  const seconds = /timeout=(\d+)/i.exec(String(header))?.[1];
  if (seconds === undefined) return null;
  const ms = Number(seconds) * 1_000;
  return Math.max(1, ms - Math.min(MARGIN_MS, ms / 2));
}

/** Makes the agent connect through the proxy. TLS is with the target, inside the tunnel. */
function tunnel(agent: http.Agent, proxy: Proxy, target: URL): void {
  const { hostname, protocol, port } = target;
  const to = {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
  };
  const connect = agent.createConnection.bind(agent);
  const open = callbackify(async (options: object) => {
    const socket = await openTunnel(proxy, to);
    return protocol === "https:" ? connect({ ...options, socket } as http.ClientRequestArgs) : socket;
  });
  agent.createConnection = (options, done) => {
    open(options, done as Parameters<typeof open>[1]);
    return undefined;
  };
}
