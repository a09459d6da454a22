import { sql } from "drizzle-orm";
import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { query } from "../../src/db/connect.ts";
import { type Database, type DatabaseLocation, openDatabase } from "../../src/db/open/open-database.ts";
import { StartError } from "../../src/errors.ts";
import { freshLocation } from "../support/database.ts";
import { atEnd } from "../support/herald.ts";
import { pooled } from "../support/pooler.ts";
import { range } from "../support/seed.ts";

/** A database of its own, behind a pooler. */
async function behind(mode: "transaction" | "statement") {
  const location = await freshLocation();
  if (location.type !== "server") throw new Error("there is no server");
  const { url, pool } = await pooled(location.url, mode);
  return { pool, through: { type: "server", url } as const, directly: location };
}

async function opened(location: DatabaseLocation, say?: (sentence: string) => void): Promise<Database> {
  const database = await openDatabase(location, say);
  atEnd(() => database.close());
  return database;
}

const LIMITS = sql`select current_setting('statement_timeout') as statement,
  current_setting('idle_in_transaction_session_timeout') as idle`;

describe("behind a pooler", () => {
  test("that gives each transaction another connection: what is reported done is in the table", async () => {
    const { pool, through, directly } = await behind("transaction");
    const { db } = await opened(through);
    await db.execute(sql`create table counted (n int)`);
    let done = 0;
    await Promise.all(
      range(1, 10).map(async (worker) => {
        for (const n of range(1, 30)) {
          await db.transaction(async (tx) => {
            await tx.execute(sql`insert into counted values (${worker * 1000 + n})`);
          });
          done += 1;
        }
      }),
    );
    const { db: own } = await opened(directly);
    expect(await query(own, sql`select count(*)::int as count from counted`)).toEqual([{ count: done }]);
    expect(pool.backends).toBe(4);
  });

  test("a hung or orphaned transaction is ended all the same, and no start leaves a lock behind", async () => {
    const { through } = await behind("transaction");
    const [first, second] = [await opened(through), await opened(through)];
    expect(await first.db.transaction((tx) => query(tx, LIMITS))).toEqual([
      { statement: "1min", idle: "5s" },
    ]);
    const locks = sql`select from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`;
    expect(await query(second.db, locks)).toEqual([]);
  });

  test("that gives each statement another connection, the start is refused with what to do", async () => {
    const { through } = await behind("statement");
    const refusal = await openDatabase(through).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartError);
    expect((refusal as Error).message).toMatch(
      /does not stay on one connection .*pool_mode to transaction or session/,
    );
  });
});

test("a start that waits for a lock says who holds it, and goes on", async () => {
  const location = await freshLocation();
  if (location.type !== "server") throw new Error("there is no server");
  const parameters = { application_name: "a long night" };
  const other = postgres(location.url, { max: 1, onnotice: () => undefined, connection: parameters });
  atEnd(() => other.end());
  const said: string[] = [];
  let start: Promise<Database> | null = null;
  await other.begin(async (tx) => {
    await tx`lock table drizzle.__drizzle_migrations in access exclusive mode`;
    const [row] = await tx`select pg_backend_pid() as pid, current_user as user`;
    start = opened(location, (sentence) => said.push(sentence));
    await expect.poll(() => said, { timeout: 10_000 }).toHaveLength(1);
    expect(said[0]).toContain(`process ${row?.["pid"]} ("a long night", user ${row?.["user"]}`);
  });
  await expect(start).resolves.toBeDefined();
});
