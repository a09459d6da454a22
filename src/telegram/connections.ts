import { callbackify } from "node:util";
import { Client, buildConnector } from "./http-client.ts";
import { NeverConnected } from "./outcome.ts";
import { type Proxy, ProxyFailed, withoutBrackets } from "./proxy.ts";
import { authorization, openTunnel, wantsLogin } from "./tunnel.ts";

/** Kept-alive connections to Telegram, through a proxy if there is one. */
export interface Connections {
  /**
   * A connection for one call at a time, to be given back after it. Fails with NeverConnected if it cannot be
   * established, and connects again after it was closed.
   */
  take(): Client;
  giveBack(client: Client): void;
  /** The path of each request follows `prefix`, and its headers are added to these: name, value, name, value. */
  prefix: string;
  headers: readonly string[];
  /** The failure of the proxy if this is the status of its own refusal. */
  refusal(status: number): ProxyFailed | null;
}

type Connector = ReturnType<typeof buildConnector>;

/** A connection not established by then is given up; nothing has been sent. */
const CONNECT_MS = 10_000;

/**
 * How long an idle connection is kept if its peer does not say. A call sent while the peer closes is lost, and looks as
 * if it may have arrived. nginx is rarely set to less than 2 s, and its clock starts before ours.
 */
const IDLE_MS = 1_500;

/** An idle connection is closed this long before its peer would close it (`Keep-Alive: timeout=5`). */
const MARGIN_MS = 1_000;

export function createConnections(target: URL, proxy: Proxy | null): Connections {
  // An HTTP proxy forwards calls to http:// itself, without a tunnel.
  const forwarder = target.protocol === "http:" && proxy?.type.startsWith("http") ? proxy : null;
  const direct = buildConnector({ timeout: CONNECT_MS, allowH2: false });
  const connect = proxy && !forwarder ? tunnel(direct, proxy, target) : direct;
  const explain = (error: Error) =>
    forwarder ? new ProxyFailed(forwarder, `fails: ${error.message}`) : error;
  const path = target.pathname.replace(/\/+$/, "");
  // undici's Pool looks through all of its clients for each call. The one used last comes first, so that few stay open.
  const free: Client[] = [];
  const create = () =>
    new Client(forwarder ? addressOf(forwarder) : target.origin, {
      connect: (options, done) =>
        connect(options, (...[error, socket]) =>
          error ? done(new NeverConnected(explain(error)), null) : done(null, socket),
        ),
      // Long polling waits for longer than undici's time-outs; every call has one of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      keepAliveTimeoutThreshold: MARGIN_MS,
    });
  return {
    take: () => free.pop() ?? create(),
    giveBack: (client) => void free.push(client),
    prefix: forwarder ? `${target.origin}${path}` : path,
    headers: forwarder ? Object.entries({ host: target.host, ...authorization(forwarder) }).flat() : [],
    refusal: (status) => (forwarder && status === 407 ? wantsLogin(forwarder) : null),
  };
}

function addressOf({ type, host, port }: Proxy): string {
  return `${type}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Connects through the proxy. TLS is with the target, inside the tunnel. */
function tunnel(direct: Connector, proxy: Proxy, target: URL): Connector {
  const { hostname, protocol, port } = target;
  const to = {
    host: withoutBrackets(hostname),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
  };
  const open = callbackify(() => openTunnel(proxy, to));
  return (options, done) =>
    open((error, socket) => {
      if (error) done(error, null);
      else if (protocol === "https:") direct({ ...options, httpSocket: socket }, done);
      else done(null, socket);
    });
}
