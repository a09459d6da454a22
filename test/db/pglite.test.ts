import { existsSync } from "node:fs";
import { sql } from "drizzle-orm";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { query } from "../../src/db/connect.ts";
import { openPglite } from "../../src/db/embedded/pglite.ts";
import { vacuumTables } from "../../src/db/embedded/pglite-vacuum.ts";
import type { OpenEngine } from "../../src/db/open-engine.ts";
import { freshFolder } from "../support/database.ts";

let folder: string;

beforeAll(async () => {
  const { dataDir } = await freshFolder();
  folder = `${dataDir}/pg`;
});

async function opened(): Promise<OpenEngine> {
  const engine = await openPglite(folder);
  onTestFinished(() => engine.close());
  return engine;
}

test(
  "the ready-made folder is of PGlite's own PostgreSQL, and of nothing else",
  { timeout: 60_000 },
  async () => {
    const { db } = await opened(); // a folder of another version does not open
    const [row] = await query<{ version: string }>(
      db,
      sql`select current_setting('server_version') as version`,
    );
    expect(row?.version).toMatch(/^18\./);
    expect(existsSync(`${folder}.unfinished`)).toBe(false);
  },
);

interface Rows {
  dead: number;
  known: number;
}

test("dead rows are cleaned up and rows counted, in large tables alone", { timeout: 60_000 }, async () => {
  const { db } = await opened();
  await db.execute(sql`create table large as select id from generate_series(1, 5000) as id`);
  await db.execute(sql`create table small as select id from generate_series(1, 500) as id`);
  const rowsOf = async (name: string) => {
    await db.execute(sql`select pg_stat_force_next_flush()`);
    const [rows] = await query<Rows>(
      db,
      sql`select n_dead_tup::int as dead, reltuples::int as known
          from pg_stat_user_tables join pg_class on pg_class.oid = relid where pg_class.relname = ${name}`,
    );
    return rows;
  };
  for (const name of ["large", "small"])
    await db.execute(sql`update ${sql.identifier(name)} set id = id + 1`);
  expect([await rowsOf("large"), await rowsOf("small")]).toEqual([
    { dead: 5000, known: -1 },
    { dead: 500, known: -1 },
  ]);
  await vacuumTables(db);
  expect([await rowsOf("large"), await rowsOf("small")]).toEqual([
    { dead: 0, known: 5000 },
    { dead: 500, known: -1 },
  ]);
});
