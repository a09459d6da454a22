import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { createKey } from "../../src/access/keys.ts";
import { systemClock } from "../../src/clock.ts";
import { createEvents } from "../../src/events.ts";
import { createHttpDoor } from "../../src/http/http-door.ts";
import { createLog } from "../../src/log.ts";
import { until } from "../support/broadcast.ts";
import { freshScope } from "../support/database.ts";
import { OWNER, atEnd } from "../support/herald.ts";

const PATIENCE_MS = 1_000;

/** The HTTP door alone, with little patience. */
async function impatientDoor() {
  const scope = await freshScope();
  const { secret } = await createKey(scope, OWNER, { name: "Shop", role: "write", expiresAt: null });
  const logged: string[] = [];
  const log = createLog("debug", { write: (line: string) => void logged.push(line) });
  const door = createHttpDoor({
    scope,
    clock: systemClock,
    log,
    events: createEvents(() => undefined),
    // Nothing here sends by itself.
    telegram: {} as never,
    leaveLabel: () => "",
    bots: {} as never,
    intake: undefined as never,
    vault: undefined as never,
    settings: {
      ownerIds: [],
      confirmTypedFrom: 100,
      maxScheduled: 10,
      lateLimitHours: 1,
      timezone: "UTC",
      version: "0",
      publicUrl: null,
      webhookAllow: "",
    },
    engine: () => ({
      leaseSince: null,
      rate: { set: 28, now: 28, paid: "off" },
      quietUntil: null,
      waits: 0,
      inFlight: 0,
    }),
    host: "127.0.0.1",
    port: 0,
    readiness: async () => ({ database: true, telegram: "ok" }),
    patienceMs: PATIENCE_MS,
  });
  await door.start();
  atEnd(() => door.stop());
  const { hostname, port } = new URL(door.address ?? "");
  async function dial(request: string) {
    const socket = connect(Number(port), hostname);
    atEnd(async () => void socket.destroy());
    await once(socket, "connect");
    // Cut off by the server, it ends with a reset.
    socket.on("error", () => undefined);
    const [line, ...rest] = request.split("\r\n");
    socket.write([line, "Host: x", `Authorization: Bearer ${secret}`, ...rest].join("\r\n"));
    return socket;
  }
  return { scope, address: door.address ?? "", secret, dial, logged };
}

/** People with much to say: 1 KB each. */
const seedMany = ({ scope }: Awaited<ReturnType<typeof impatientDoor>>, count: number) =>
  scope.db.execute(sql`insert into recipients (bot_id, chat_id, first_name)
    select ${scope.botId}, id, repeat('Ada ', 250) from generate_series(1, ${count}::int) id`);

/** What the kernel keeps for a connection is less than half of it. */
const MANY = 40_000;

test("a client that takes nothing is cut off, and nothing more is read for it", async () => {
  const door = await impatientDoor();
  await seedMany(door, MANY);
  const socket = await door.dial("GET /v1/recipients/export HTTP/1.1\r\n\r\n");
  socket.pause();
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await sleep(6 * PATIENCE_MS);
  let taken = 0;
  socket.on("data", (data: Buffer) => (taken += data.length));
  socket.resume();
  await closed;
  expect(taken).toBeLessThan((MANY * 1_000) / 2);
  expect(door.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
});

test("a client that takes its time gets everything", async () => {
  const door = await impatientDoor();
  await seedMany(door, MANY / 4);
  const response = await fetch(`${door.address}/v1/recipients/export`, {
    headers: { authorization: `Bearer ${door.secret}` },
  });
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (text.length < 3_000_000) await sleep(PATIENCE_MS / 20);
  }
  expect(text.trimEnd().split("\n")).toHaveLength(MANY / 4 + 1);
});

test("an export that breaks off is no whole answer, and an ordinary body that drips is not waited for", async () => {
  const door = await impatientDoor();
  await seedMany(door, MANY);
  const socket = await door.dial("GET /v1/recipients/export HTTP/1.1\r\n\r\n");
  await once(socket, "readable");
  await door.scope.db.execute(sql`alter table recipients rename to gone`);
  let text = "";
  socket.on("data", (data: Buffer) => (text += data.toString()));
  await once(socket, "close");
  await door.scope.db.execute(sql`alter table gone rename to recipients`);
  expect(text).toContain("200 OK");
  // The last chunk of a whole answer is empty.
  expect(text.endsWith("0\r\n\r\n")).toBe(false);
  expect(door.logged.join("\n")).toContain("an answer broke off half-way");

  const slow = await door.dial(
    "PUT /v1/recipients/7 HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
  );
  const closed = new Promise((resolve) => slow.once("close", () => resolve(true)));
  const drip = setInterval(() => slow.write(" "), PATIENCE_MS / 5);
  slow.resume();
  expect(await Promise.race([closed, sleep(5 * PATIENCE_MS, false)])).toBe(true);
  clearInterval(drip);
});

test("an import may drip for longer than anything else may take", async () => {
  const door = await impatientDoor();
  const socket = await door.dial(
    "POST /v1/recipients/import HTTP/1.1\r\nContent-Type: text/csv\r\nContent-Length: 68\r\n\r\nchat_id\n",
  );
  let answer = "";
  socket.on("data", (data: Buffer) => (answer += data.toString()));
  for (let row = 0; row < 6; row += 1) {
    await sleep(PATIENCE_MS / 2);
    socket.write(`${7_000_000 + row}..\n`.replace("..", ".0"));
  }
  await until(async () => answer.includes('"inserted":6'), 5_000);
});
