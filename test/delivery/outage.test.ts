import { type Socket, connect, createServer } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { broadcasts, cardOf, copiesOf, numbersOn, ownerOf, register, until } from "../support/broadcast.ts";
import { freshLocation, onServer } from "../support/database.ts";
import { atEnd, localTelegram, running } from "../support/herald.ts";

const POST = "The database goes away for a while.";

/** A way to the database that can be closed: open connections break, new ones are refused. */
async function gate(host: string, port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, host);
    for (const [from, onto] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => onto.destroy());
      from.on("close", () => onto.destroy());
      from.pipe(onto);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const ownPort = typeof address === "object" && address ? address.port : 0;
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await closed;
  };
  atEnd(async () => (server.listening ? close() : undefined));
  const reopen = async () => {
    server.listen(ownPort, "127.0.0.1");
    await once(server, "listening");
  };
  return { port: ownPort, close, reopen };
}

// An embedded database lives in the process: it cannot go away without it.
test.runIf(onServer)(
  "the database gone in the middle: sending stops, waits, and goes on without a duplicate",
  { timeout: 180_000 },
  async () => {
    const goneMs = Number(process.env["DATABASE_GONE_MS"] ?? 15_000);
    const telegram = await localTelegram({ limits: "none" });
    const owner = ownerOf(telegram);
    telegram.people(300, { firstId: 100_000 });
    const database = await freshLocation();
    if (database.type !== "server") throw new Error("needs a server");
    await register(
      database,
      Array.from({ length: 300 }, (_, index) => 100_000 + index),
    );
    const url = new URL(database.url);
    const door = await gate(url.hostname, Number(url.port || 5432));
    url.hostname = "127.0.0.1";
    url.port = String(door.port);
    const herald = await running(telegram, {
      database: { type: "server", url: url.href },
      messagesPerSecond: 60,
    });
    await owner.sends("/stop");
    await owner.sees("no more messages");
    await broadcasts(owner, POST);
    const copies = () => [...copiesOf(telegram, POST)].filter(([chat]) => chat >= 100_000);
    await until(() => copies().length > 100);

    await door.close();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const stalled = copies().length;
    await new Promise((resolve) => setTimeout(resolve, goneMs - 2_000));
    // At most what was claimed before the door closed has left.
    expect(copies().length).toBe(stalled);
    await owner.sends("/campaigns");
    await owner.sees("Something went wrong");

    await door.reopen();
    await until(() => cardOf(owner)?.text?.includes("finished") ?? false, 60_000);
    const numbers = numbersOn(cardOf(owner)?.text ?? "");
    expect(numbers).toMatchObject({ total: 300, failed: 0, left: 0 });
    expect(copies().every(([, count]) => count === 1)).toBe(true);
    // Nobody is lost: who has no copy stands as uncertain, at most a claim's worth.
    expect(300 - copies().length).toBeLessThanOrEqual(numbers?.uncertain ?? 0);
    expect(numbers?.uncertain).toBeLessThanOrEqual(6);
    expect(herald.crashes).toEqual([]);
  },
);
