import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { query } from "../../src/db/connect.ts";
import { type Nudge, NUDGES } from "../../src/db/nudges.ts";
import { type Database, type DatabaseLocation, openDatabase } from "../../src/db/open/open-database.ts";
import { until } from "../support/broadcast.ts";
import { BOT_ID, freshFolder, freshLocation } from "../support/database.ts";
import { gateTo } from "../support/gate.ts";
import { atEnd } from "../support/herald.ts";
import { pooled } from "../support/pooler.ts";

/** As a process of its own: its pool, and what it said to the operator. */
async function opened(location: DatabaseLocation): Promise<Database & { said: string[] }> {
  const said: string[] = [];
  const database = await openDatabase(location, (sentence) => said.push(sentence));
  atEnd(() => database.close());
  return { ...database, said };
}

/** What it hears of a bot, from the moment at which it listens. */
async function listening(database: Database, botId = BOT_ID) {
  const heard: Nudge[] = [];
  const listener = database.nudges!.listener(botId, (what) => heard.push(what));
  await listener.start();
  atEnd(() => listener.stop());
  await until(() => heard.length === NUDGES.length);
  expect(heard.splice(0)).toEqual([...NUDGES]);
  return { heard, listener };
}

const send = ({ db, nudges }: Database, what: Nudge, botId = BOT_ID) => nudges!.send(db, botId, what);

/** The connections that wait for notifications in this database. */
const listeners = ({ db }: Database) =>
  query<{ pid: number }>(
    db,
    sql`select pid from pg_stat_activity where datname = current_database() and query ilike 'listen%'`,
  );

/** Whatever was sent before has arrived when this has. */
async function settled(database: Database, heard: Nudge[]): Promise<void> {
  await send(database, "lease");
  await until(() => heard.at(-1) === "lease");
  heard.pop();
}

describe("a nudge", () => {
  test("reaches the other processes of its bot when the transaction commits, and nobody when it rolls back", async () => {
    const location = await freshLocation();
    const [one, two] = [await opened(location), await opened(location)];
    const { heard } = await listening(two);
    const { heard: own } = await listening(one);
    const { heard: other } = await listening(two, BOT_ID + 1);
    await one.db.transaction(async (tx) => {
      await one.nudges!.send(tx, BOT_ID, "campaigns");
      await query(tx, sql`select pg_sleep(0.1)`);
      expect(heard).toEqual([]);
    });
    await until(() => heard.length > 0);
    const rolledBack = one.db.transaction(async (tx) => {
      await one.nudges!.send(tx, BOT_ID, "campaigns");
      throw new Error("changed my mind");
    });
    await expect(rolledBack).rejects.toThrow("changed my mind");
    await settled(one, heard);
    await until(() => own.at(-1) === "lease"); // it listens on a connection of its own
    expect(heard).toEqual(["campaigns"]);
    expect(own).toEqual(["campaigns", "lease"]);
    expect(other).toEqual([]);
  });

  test("of a kind is heard once a transaction", async () => {
    const database = await opened(await freshLocation());
    const { heard } = await listening(database);
    await database.db.transaction(async (tx) => {
      for (let times = 0; times < 5; times += 1) await database.nudges!.send(tx, BOT_ID, "campaigns");
    });
    await settled(database, heard);
    expect(heard).toEqual(["campaigns"]);
  });

  test("may get lost while the connection is: once it listens again, every kind counts as sent", async () => {
    const database = await opened(await freshLocation());
    const { heard } = await listening(database);
    for (const round of [1, 2]) {
      const [before] = await listeners(database);
      await query(database.db, sql`select pg_terminate_backend(${before?.pid ?? 0})`);
      await until(() => heard.length === NUDGES.length);
      expect(heard.splice(0), `round ${round}`).toEqual([...NUDGES]);
      const after = await listeners(database);
      expect(after).toHaveLength(1);
      expect(after).not.toEqual([before]);
    }
    await send(database, "campaigns");
    await until(() => heard.length > 0);
    await settled(database, heard);
    expect(heard).toEqual(["campaigns"]);
    expect(database.said).toEqual([]);
  });

  test("is heard again after an outage of the database, also of one that was away at the first try", async () => {
    const location = await freshLocation();
    const { door, behind } = await gateTo(location);
    const [near, far] = [await opened(location), await opened(behind)];
    await door.close();
    const heard: Nudge[] = [];
    const listener = far.nudges!.listener(BOT_ID, (what) => heard.push(what));
    await listener.start();
    atEnd(() => listener.stop());
    for (const round of [1, 2]) {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await send(near, "campaigns");
      expect(heard, `round ${round}`).toEqual([]);
      await door.reopen();
      await until(() => heard.length === NUDGES.length);
      expect(heard.splice(0)).toEqual([...NUDGES]);
      await settled(near, heard);
      if (round === 1) await door.close();
    }
    expect(far.said).toEqual([]);
  });

  test("is not heard after the listener has stopped, and its connection is gone", async () => {
    const database = await opened(await freshLocation());
    const { heard, listener } = await listening(database);
    const [before] = await listeners(database);
    await query(database.db, sql`select pg_terminate_backend(${before?.pid ?? 0})`);
    await until(() => heard.length === NUDGES.length); // after a reconnect is when postgres.js cannot unlisten
    await listener.stop();
    heard.splice(0);
    await until(async () => (await listeners(database)).length === 0);
    await send(database, "campaigns");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heard).toEqual([]);
    expect(database.said).toEqual([]);
  });

  test(
    "that a pooler in transaction mode keeps back: it is said once, and the tables are all that is left",
    { timeout: 30_000 },
    async () => {
      const location = await freshLocation();
      if (location.type !== "server") throw new Error("there is no server");
      const { url } = await pooled(location.url, "transaction");
      const database = await opened({ type: "server", url });
      const { heard, listener } = await listening(database);
      await until(() => database.said.length > 0);
      expect(database.said).toEqual([expect.stringMatching(/do not arrive .* once a second/)]);
      const direct = await opened(location);
      const { heard: heardDirectly } = await listening(direct);
      await send(database, "campaigns"); // telling others works there all the same
      await until(() => heardDirectly.includes("campaigns"));
      expect(heard).toEqual([]);
      await listener.stop();
    },
  );
});

test("the embedded database, which has one process, sends and hears none", async () => {
  const { nudges } = await opened(await freshFolder());
  expect(nudges).toBeNull();
});
