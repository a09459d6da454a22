import { once } from "node:events";
import { type Socket, connect, createServer } from "node:net";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { atEnd } from "./herald.ts";

/** A connection to a server that a test can close. */
export interface Gate {
  port: number;
  /** Breaks open connections and refuses new ones. */
  close(): Promise<void>;
  reopen(): Promise<void>;
  /** Breaks open connections; new ones get through. */
  cut(): void;
  /** Lets nothing pass in either direction, but breaks nothing, like a firewall that drops packets. */
  swallow(): void;
  /** Delivers what was swallowed, late. */
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
        // Behind such a firewall, the other side does not notice a hang-up.
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

/** A gate in front of a database server, and the location of the database behind it. */
export async function gateTo(
  database: DatabaseLocation,
): Promise<{ door: Gate; behind: Extract<DatabaseLocation, { type: "server" }> }> {
  if (database.type !== "server") throw new Error("only a server's connections can be closed from outside");
  const url = new URL(database.url);
  const door = await gate(url.hostname, Number(url.port || 5432));
  url.hostname = "127.0.0.1";
  url.port = String(door.port);
  return { door, behind: { type: "server", url: url.href } };
}
