import { once } from "node:events";
import { type Socket, connect, createServer } from "node:net";
import { atEnd } from "./herald.ts";

/*
 * A pooler such as PgBouncer in front of a server that asks for no password. Clients share server connections, and get
 * one per transaction or per statement. It refuses startup parameters that it does not track per client.
 */

const PROTOCOL_3 = 196_608;
const KEPT_APART = new Set(["user", "database", "client_encoding", "application_name"]);

/** Parts of COPY, which belong to the current statement. */
const COPIED = new Set(["d", "c", "f"]);
/** Messages after which the server answers "ready". */
const ENDS_STATEMENT = new Set(["Q", "S"]);

interface Message {
  type: string;
  bytes: Buffer;
}

/** Splits a stream into messages. A client's first message has no type. */
function reader(startsBare: boolean, onMessage: (message: Message) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let bare = startsBare;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = bare ? 0 : 1;
      if (rest.length < head + 4) return;
      const length = head + rest.readInt32BE(head);
      if (rest.length < length) return;
      const bytes = rest.subarray(0, length);
      rest = rest.subarray(length);
      onMessage({ type: bare ? "" : String.fromCharCode(bytes[0] ?? 0), bytes });
      bare = false;
    }
  };
}

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const text = (value: string) => Buffer.from(`${value}\0`);
const READY = message("Z", Buffer.from("I"));
const AUTHENTICATED = message("R", Buffer.alloc(4));

function fatal(words: string): Buffer {
  const fields = [text("SFATAL"), text("C08P01"), text(`M${words}`), Buffer.alloc(1)];
  return message("E", Buffer.concat(fields));
}

function isFatal({ type, bytes }: Message): boolean {
  return type === "E" && bytes.includes("VFATAL\0");
}

/** A connection to the server, lent to one client at a time. */
interface Backend {
  socket: Socket;
  onMessage: (message: Message) => void;
  onClose: () => void;
}

export interface Pooler {
  port: number;
  /** The number of its connections to the server. */
  readonly backends: number;
}

/** The address of a database behind a new pooler. */
export async function pooled(
  url: string,
  mode: "transaction" | "statement",
): Promise<{ url: string; pool: Pooler }> {
  const { hostname, port } = new URL(url);
  const pool = await pooler({ host: hostname, port: Number(port || 5432) }, mode);
  const behind = new URL(url);
  behind.host = `127.0.0.1:${pool.port}`;
  return { url: behind.href, pool };
}

/** Each client waits for a free server connection. There are at most `size`, used in turn. */
async function pooler(
  server: { host: string; port: number },
  mode: "transaction" | "statement",
  size = 4,
): Promise<Pooler> {
  const free: Backend[] = [];
  const waiting: { startup: Buffer; resolve: (backend: Backend | Promise<Backend>) => void }[] = [];
  const sockets = new Set<Socket>();
  let backends = 0;

  async function take(startup: Buffer): Promise<Backend> {
    if (backends < size) return open(startup);
    // Take the one that has been free for longest, so that clients change connections often.
    return free.shift() ?? new Promise((resolve) => waiting.push({ startup, resolve }));
  }

  async function open(startup: Buffer): Promise<Backend> {
    backends += 1;
    const socket = connect({ ...server, noDelay: true });
    sockets.add(socket);
    const backend: Backend = { socket, onMessage: () => undefined, onClose: () => undefined };
    socket.on("error", () => undefined);
    socket.on("close", () => {
      backends -= 1;
      if (free.includes(backend)) free.splice(free.indexOf(backend), 1);
      else backend.onClose();
      const next = waiting.shift();
      next?.resolve(open(next.startup));
    });
    const ready = new Promise<void>((resolve, reject) => {
      backend.onMessage = ({ type, bytes }) => {
        if (type === "R" && bytes.readInt32BE(5) !== 0) reject(new Error("the server asks for a password"));
        if (type === "Z") resolve();
      };
    });
    socket.on(
      "data",
      reader(false, (one) => backend.onMessage(one)),
    );
    socket.write(startup);
    await ready;
    return backend;
  }

  function give(backend: Backend): void {
    backend.onMessage = () => undefined; // what the server says unasked, such as a notification, is lost
    const next = waiting.shift();
    if (next) next.resolve(backend);
    else free.push(backend);
  }

  function serve(client: Socket): void {
    let startup = Buffer.alloc(0);
    let backend: Promise<Backend> | null = null;
    let underWay = false; // a statement has been sent completely, but not yet answered
    const held: Message[] = [];

    function pass(one: Message): void {
      if (one.type === "X") return void client.end();
      if (underWay && !COPIED.has(one.type)) return void held.push(one);
      backend ??= take(startup).then((own) => {
        own.onClose = () => client.end(fatal("server conn crashed?"));
        own.onMessage = (answer) => {
          if (isFatal(answer)) return; // the pooler reports this itself
          client.write(answer.bytes);
          if (answer.type !== "Z") return;
          underWay = false;
          if (mode === "statement" || String.fromCharCode(answer.bytes[5] ?? 0) === "I") {
            backend = null;
            give(own);
          }
          while (held.length > 0 && !underWay) pass(held.shift() as Message);
        };
        return own;
      });
      if (ENDS_STATEMENT.has(one.type)) underWay = true;
      void backend.then(({ socket }) => socket.write(one.bytes));
    }

    function greet({ bytes }: Message): void {
      if (bytes.readInt32BE(4) !== PROTOCOL_3) return void client.destroy();
      startup = Buffer.from(bytes);
      const names = bytes.subarray(8).toString().split("\0");
      const foreign = names.find((name, at) => at % 2 === 0 && name !== "" && !KEPT_APART.has(name));
      if (foreign) return void client.end(fatal(`unsupported startup parameter: ${foreign}`));
      client.write(Buffer.concat([AUTHENTICATED, READY]));
    }

    client.on("error", () => undefined);
    // The server rolls back what the client left open.
    client.on("close", () => void backend?.then(({ socket }) => socket.destroy()));
    client.on(
      "data",
      reader(true, (one) => (one.type === "" ? greet(one) : pass(one))),
    );
  }

  const door = createServer({ noDelay: true }, (client) => {
    sockets.add(client);
    serve(client);
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  const address = door.address();
  atEnd(async () => {
    door.close();
    for (const socket of sockets) socket.destroy();
    await Promise.resolve();
  });
  return {
    port: typeof address === "object" && address ? address.port : 0,
    get backends() {
      return backends;
    },
  };
}
