import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { type Db, query } from "../../src/db/connect.ts";
import type { Scope } from "../../src/db/scope.ts";
import { rootCause } from "../../src/log.ts";

/**
 * Copies every table as it is now. The function that it returns restores the copies at once, like the promotion of a
 * standby that lagged this far: what was written since is lost, and nobody is told.
 */
export async function rewindable({ db }: Pick<Scope, "db">): Promise<() => Promise<void>> {
  const rows = await query<{ name: string }>(
    db,
    sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const past = sql.identifier(`past_${randomBytes(4).toString("hex")}`);
  const tables = rows.map(({ name }) => ({
    table: sql.identifier(name),
    copy: sql`${past}.${sql.identifier(name)}`,
  }));
  const names = tables.map(({ table }) => table);
  const all = sql.join(names, sql`, `);

  /** Runs `work` with all tables locked. Waiting for one lock while holding others could deadlock, so it retries instead. */
  async function alone(work: (tx: Db) => Promise<void>): Promise<void> {
    for (;;)
      try {
        return await db.transaction(async (tx) => {
          await tx.execute(sql`lock table ${all} in access exclusive mode nowait`);
          await work(tx);
        });
      } catch (error) {
        if (!isTaken(error)) throw error;
        await sleep(1);
      }
  }

  await alone(async (tx) => {
    await tx.execute(sql`create schema ${past}`);
    for (const { table, copy } of tables) await tx.execute(sql`create table ${copy} as table ${table}`);
  });
  return () =>
    alone(async (tx) => {
      await tx.execute(sql`truncate ${all}`);
      for (const { table, copy } of tables)
        await tx.execute(sql`insert into ${table} overriding system value select * from ${copy}`);
      await tx.execute(sql`drop schema ${past} cascade`);
    });
}

function isTaken(error: unknown): boolean {
  const cause = error instanceof Error ? rootCause(error) : {};
  return "code" in cause && cause.code === "55P03";
}
