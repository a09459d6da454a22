import { once } from "node:events";
import { type RequestListener, createServer as createHttpServer, request as ask } from "node:http";
import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";
import type { Duplex } from "node:stream";
import type { Proxy } from "../../src/telegram/proxy.ts";
import { atEnd } from "./herald.ts";

/** A proxy on this machine. */
export interface LocalProxy {
  port: number;
  /** The `host:port` of each request to connect or forward. */
  asked: string[];
  /** The number of connections made to it. */
  connections: number;
  /** Makes it refuse with this code: the status of an HTTP proxy, the reply of a SOCKS proxy. Null: it works. */
  refusal: number | null;
  /** Makes it accept connections but answer nothing. */
  silent: boolean;
  /** Breaks open connections and refuses new ones. */
  close(): void;
  reopen(): void;
}

export const LOGIN = { name: "me", password: "s3cret/@" };

/** The proxy as Herald's configuration describes it, with or without a login. */
export function through(type: Proxy["type"], { port }: LocalProxy, login: Proxy["login"] = null): Proxy {
  return { type, host: "127.0.0.1", port, login, address: `${type}://127.0.0.1:${port}` };
}

async function local(server: Server, sockets: Set<Duplex>): Promise<LocalProxy> {
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  const reopen = () => void server.listen(proxy.port, "127.0.0.1");
  const proxy: LocalProxy = {
    port: 0,
    asked: [],
    connections: 0,
    refusal: null,
    silent: false,
    close,
    reopen,
  };
  server.on("connection", (socket: Socket) => {
    proxy.connections += 1;
    keep(sockets, socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd(async () => close());
  proxy.port = (server.address() as AddressInfo).port;
  return proxy;
}

function keep(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
}

function join(sockets: Set<Duplex>, client: Duplex, host: string, port: number, ready: () => void): void {
  const onward = connect(port, host, ready);
  keep(sockets, onward);
  onward.on("close", () => client.destroy());
  client.on("close", () => onward.destroy());
  client.pipe(onward).pipe(client);
}

/** Supports CONNECT, and forwards http:// requests. Requires the login, if one is given. */
export async function httpProxy(known: Proxy["login"] = null): Promise<LocalProxy> {
  const wanted = known && `Basic ${Buffer.from(`${known.name}:${known.password}`).toString("base64")}`;
  const statusFor = (header: string | undefined) =>
    proxy.refusal ?? (wanted !== null && header !== wanted ? 407 : null);
  const passOn: RequestListener = (request, response) => {
    const { url = "", method } = request;
    const { "proxy-authorization": login, ...headers } = request.headers;
    const { host, hostname, port, pathname, search } = new URL(url);
    proxy.asked.push(host);
    if (proxy.silent) return;
    const status = statusFor(login);
    if (status !== null) {
      response.writeHead(status).end("<html>no</html>");
      return;
    }
    const onward = ask({ hostname, port, method, path: pathname + search, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  };
  const server = createHttpServer(passOn);
  const sockets = new Set<Duplex>();
  server.on("connect", (request, client) => {
    const [host = "", port = ""] = (request.url ?? "").split(":");
    proxy.asked.push(`${host}:${port}`);
    if (proxy.silent) return;
    const status = statusFor(request.headers["proxy-authorization"]);
    if (status === null)
      join(sockets, client, host, Number(port), () =>
        client.write("HTTP/1.1 200 Connection established\r\n\r\n"),
      );
    else client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
  });
  const proxy = await local(server, sockets);
  return proxy;
}

/** SOCKS5 (RFC 1928), with a login as in RFC 1929. Supports neither UDP nor IPv6. */
export async function socksProxy(login: Proxy["login"] = null): Promise<LocalProxy> {
  const sockets = new Set<Duplex>();
  const server = createServer((client) => {
    const greeting = (data: Buffer) => {
      if (proxy.silent) return;
      client.write(Buffer.from([5, login ? 2 : 0]));
      client.once("data", login ? password : command);
      if (data[0] !== 5) client.destroy();
    };
    const password = (data: Buffer) => {
      const name = data.subarray(2, 2 + (data[1] ?? 0));
      const secret = data.subarray(3 + name.length);
      const isRight = name.toString() === login?.name && secret.toString() === login.password;
      client.write(Buffer.from([1, isRight ? 0 : 1]));
      client.once("data", command);
    };
    const command = (data: Buffer) => {
      const isName = data[3] === 3;
      const end = isName ? 5 + (data[4] ?? 0) : 8;
      const host = isName ? data.subarray(5, end).toString() : data.subarray(4, 8).join(".");
      const port = data.readUInt16BE(end);
      proxy.asked.push(`${host}:${port}`);
      const reply = (code: number) => client.write(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
      if (proxy.refusal === null) join(sockets, client, host, port, () => reply(0));
      else reply(proxy.refusal);
    };
    client.once("data", greeting);
  });
  const proxy = await local(server, sockets);
  return proxy;
}
