import { once } from "node:events";
import { type Socket, connect, createServer } from "node:net";
import type { DatabaseLocation } from "../../src/db/connect.ts";
import { atEnd } from "./herald.ts";

/** A way to a server that can be closed. */
export interface Gate {
  port: number;
  /** Open connections break, new ones are refused. */
  close(): Promise<void>;
  reopen(): Promise<void>;
  /** Open connections break; new ones are let through. */
  cut(): void;
  /** Nothing passes in either direction and nothing breaks, as behind a firewall that drops packets. */
  swallow(): void;
  /** What was swallowed passes now, late. */
  release(): void;
}

export async function gate(host: string, port: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let swallowing = false;
  const server = createServer((client) => {
    const upstream = connect(port, host);
    for (const [from, onto] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => onto.destroy());
      from.on("close", () => {
        sockets.delete(from);
        // Who hangs up behind a firewall is not heard on the other side.
        if (!swallowing) onto.destroy();
      });
      from.pipe(onto);
      if (swallowing) from.pause();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const ownPort = typeof address === "object" && address ? address.port : 0;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    cut();
    await closed;
  };
  atEnd(async () => (server.listening ? close() : undefined));
  return {
    port: ownPort,
    close,
    cut,
    async reopen() {
      server.listen(ownPort, "127.0.0.1");
      await once(server, "listening");
    },
    swallow() {
      swallowing = true;
      for (const socket of sockets) socket.pause();
    },
    release() {
      swallowing = false;
      for (const socket of sockets) socket.resume();
    },
  };
}

/** A gate before a database server, and the location of the database behind it. */
export async function gateTo(
  database: DatabaseLocation,
): Promise<{ door: Gate; behind: Extract<DatabaseLocation, { type: "server" }> }> {
  if (database.type !== "server")
    throw new Error("an embedded database has no way to it that could be closed");
  const url = new URL(database.url);
  const door = await gate(url.hostname, Number(url.port || 5432));
  url.hostname = "127.0.0.1";
  url.port = String(door.port);
  return { door, behind: { type: "server", url: url.href } };
}
