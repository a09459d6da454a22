import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { query } from "../../src/db/connect.ts";
import { homeScope, inTransaction } from "../../src/db/scope.ts";
import { openDatabase } from "../../src/db/open/open-database.ts";
import { deleteDialog, readDialog, writeDialog } from "../../src/db/dialog-state.ts";
import { connect } from "../../src/db/server/server.ts";
import { StartError } from "../../src/errors.ts";
import { BOT_ID, freshLocation, freshScope } from "../support/database.ts";
import { pooled } from "../support/pooler.ts";
import { personOf, range, seedPeople } from "../support/seed.ts";

async function refusalOf(url: string): Promise<string> {
  const error = await openDatabase({ type: "server", url }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(StartError);
  return (error as Error).message;
}

describe("opening", () => {
  test("a second time finds what is there, and applies no migration twice", async () => {
    const location = await freshLocation();
    const migrations = async () => {
      const database = await openDatabase(location);
      const scope = homeScope(database.db, BOT_ID);
      const rows = await query<{ hash: string }>(
        database.db,
        sql`select hash from drizzle.__drizzle_migrations order by id`,
      );
      const known = (await personOf(scope, 1)) !== undefined;
      if (!known) await seedPeople(scope, [1]);
      await database.close();
      return { hashes: rows.map(({ hash }) => hash), known };
    };
    const first = await migrations();
    const journal = JSON.parse(
      await readFile(new URL("../../migrations/meta/_journal.json", import.meta.url), "utf8"),
    ) as { entries: unknown[] };
    expect(first.hashes).toHaveLength(journal.entries.length);
    expect(first.known).toBe(false);
    expect(await migrations()).toEqual({ hashes: first.hashes, known: true });
  });

  test("processes that start together on a server do not collide", async () => {
    const location = await freshLocation();
    const opened = await Promise.all(range(1, 4).map(() => openDatabase(location)));
    for (const database of opened) {
      expect(database.embedded).toBeNull();
      await database.close();
    }
  });

  test.each(["127.0.0.1", "localhost"])(
    "a server at %s that is not there: the sentence names it, says why and what to do, not the password",
    async (host) => {
      const message = await refusalOf(`postgres://herald:hush@${host}:1/news`);
      expect(message).toMatch(
        new RegExp(`^The database news at ${host}:1 cannot be used: \\S.*ECONNREFUSED`),
      );
      expect(message).toMatch(/Check DATABASE_URL .*embedded database\.$/);
      expect(message).not.toContain("hush");
    },
  );

  test("a proxy takes connections and closes them: the sentence comes after a while", async () => {
    // Closed after a moment, so that trying again at once is not many times.
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.resume(); // what is unread when it closes would make it a reset, which is another sentence
      setTimeout(() => socket.destroy(), 100);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as { port: number };
    const message = await refusalOf(`postgres://herald:hush@127.0.0.1:${port}/news`);
    server.close();
    expect(message).toContain(`127.0.0.1:${port} cannot be used: no answer within 10 s`);
    expect(message).not.toContain("hush");
  }, 30_000);

  test("an address that cannot be read: a sentence, without the password", async () => {
    expect(await refusalOf("postgres://herald:hu/sh@localhost:5432/news")).not.toContain("hu/sh");
  });

  test("a folder that holds something else: the lock is given back", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "herald-open-"));
    await writeFile(join(dataDir, "pg"), "not a folder");
    for (let round = 0; round < 2; round++)
      await expect(openDatabase({ type: "embedded", dataDir })).rejects.not.toThrow("Another Herald");
    await rm(dataDir, { recursive: true });
  });
});

describe("transactions", () => {
  test("all of it or nothing", async () => {
    const scope = await freshScope();
    await expect(
      inTransaction(scope, async (tx) => {
        await seedPeople(tx, [1]);
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    expect(await personOf(scope, 1)).toBeUndefined();
    expect(await inTransaction(scope, async (tx) => seedPeople(tx, [2]).then(() => "done"))).toBe("done");
    expect(await personOf(scope, 2)).toBeDefined();
  });
});

test("a transaction that fails of something that only sounds like a lost connection is rolled back", async () => {
  const scope = await freshScope();
  // More often than there are connections: none may be left with its locks.
  for (const id of range(1, 12)) {
    const failing = inTransaction(scope, async (tx) => {
      await seedPeople(tx, [id]);
      throw Object.assign(new Error("elsewhere"), { code: "CONNECTION_REFUSED" });
    });
    await expect(failing).rejects.toThrow("elsewhere");
    expect(await personOf(scope, id)).toBeUndefined();
  }
  await scope.db.execute(sql`truncate recipients`);
});

test.each([
  ["on a server", (url: string) => Promise.resolve(url)],
  ["behind a pooler", async (url: string) => (await pooled(url, "transaction")).url],
])("connections that end again and again, %s: every transaction is done or fails", async (_where, way) => {
  const { location } = await freshScope();
  if (location.type !== "server") throw new Error("there is no server");
  const database = await openDatabase({ type: "server", url: await way(location.url) });
  const admin = connect(location.url, 1, "admin");
  const scope = homeScope(database.db, BOT_ID);
  const over = new AbortController();
  let [done, failed] = [0, 0];
  const one = async (id: number) => {
    for (; !over.signal.aborted; await new Promise((resolve) => setTimeout(resolve, 1)))
      await inTransaction(scope, async (tx) => {
        await seedPeople(tx, [id]);
        await tx.db.execute(sql`delete from recipients where chat_id = ${id}`);
        await inTransaction(tx, () => seedPeople(tx, [-id]));
        throw new Error("changed my mind");
      }).catch((error: Error) => (error.message === "changed my mind" ? (done += 1) : (failed += 1)));
  };
  const all = Promise.all(range(1, 8).map(one));
  for (let kills = 0; kills < 30; kills++) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    await admin`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = ${database.session}`;
  }
  over.abort();
  await all; // one that is never answered would hang here
  expect(done).toBeGreaterThan(0);
  expect(failed).toBeGreaterThan(0);
  expect(await scope.db.execute(sql`select from recipients`)).toHaveLength(0);
  await database.close();
  await admin.end();
});

test("a dialog is kept by chat, replaced, and deleted", async () => {
  const scope = await freshScope();
  const state = { version: [0, 1], text: "половина 👍", deep: { nothing: null } };
  expect(await readDialog(scope, 7)).toBeUndefined();
  await writeDialog(scope, 7, { version: [0, 0] });
  await writeDialog(scope, 7, state);
  expect(await readDialog(scope, 7)).toEqual(state);
  expect(await readDialog(homeScope(scope.db, 1), 7)).toBeUndefined();
  await deleteDialog(scope, 7);
  await deleteDialog(scope, 7);
  expect(await readDialog(scope, 7)).toBeUndefined();
});
