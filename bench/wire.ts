import { type Socket, connect, createServer } from "node:net";
import { once } from "node:events";

/*
 * Counts what a process asks of its database by reading what it sends. This works for every driver and every version of
 * the server, and needs no privilege to change the server's settings. It takes time, so nothing else is measured in the
 * same run.
 */

export interface Wire {
  /** The address for a process to connect to instead. */
  store: string;
  /** Statements (PostgreSQL) or commands (Redis) so far; those inside a function or script are not seen. */
  readonly asked: number;
  close(): void;
}

export async function tap(store: string): Promise<Wire> {
  const { protocol, hostname, port } = new URL(store);
  const watched = new URL(store);
  let asked = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      // Cut the connection on both sides; a process that minds reports it itself.
      socket.on("error", () => other.destroy());
      socket.on("close", () => other.destroy());
    }
    const count = protocol === "redis:" ? redisCommands() : postgresStatements();
    client.on("data", (chunk) => (asked += count(chunk)));
    client.pipe(upstream);
    upstream.pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  watched.port = String(typeof address === "object" ? address?.port : 0);
  return {
    store: watched.href,
    get asked() {
      return asked;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const QUERY = "Q".charCodeAt(0);
const EXECUTE = "E".charCodeAt(0);
/** The client's request for encryption. The server answers with a byte, then the startup message follows. */
const ENCRYPTION_REQUESTS = new Set([80_877_103, 80_877_104]);

/** The piece at the front of a stream: its length in bytes, and whether it counts. */
interface Piece {
  length: number;
  counts: boolean;
}

/** Counts the pieces of a stream that arrives in chunks. `read` returns null if it needs more bytes. */
function counter(read: (data: Buffer) => Piece | null): (chunk: Buffer) => number {
  let rest = Buffer.alloc(0);
  let skip = 0; // bytes left of a piece whose head has been read
  return (chunk) => {
    let count = 0;
    let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (;;) {
      const skipped = Math.min(skip, data.length);
      data = data.subarray(skipped);
      skip -= skipped;
      const piece = skip > 0 ? null : read(data);
      if (!piece) break;
      if (piece.counts) count += 1;
      skip = piece.length;
    }
    rest = Buffer.from(data);
    return count;
  };
}

/**
 * PostgreSQL's messages from a client: one byte for the type, four for the length. The first message has no type.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
function postgresStatements(): (chunk: Buffer) => number {
  let starting = true;
  return counter((data) => {
    if (data.length < (starting ? 8 : 5)) return null;
    if (!starting)
      return { length: 1 + data.readUInt32BE(1), counts: data[0] === QUERY || data[0] === EXECUTE };
    starting = ENCRYPTION_REQUESTS.has(data.readUInt32BE(4));
    return { length: data.readUInt32BE(0), counts: false };
  });
}

/**
 * Redis's messages: each is an array of strings, `*2\r\n$3\r\nGET\r\n…`.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
function redisCommands(): (chunk: Buffer) => number {
  return counter((data) => {
    const end = data.indexOf("\r\n");
    if (end < 0) return null;
    const kind = data.toString("latin1", 0, 1);
    // The string's bytes and the line break after them.
    const length = end + 2 + (kind === "$" ? Number(data.toString("latin1", 1, end)) + 2 : 0);
    return { length, counts: kind === "*" };
  });
}
