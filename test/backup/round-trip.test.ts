import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getTableName, is, sql } from "drizzle-orm";
import { type PgColumn, PgTable, getTableConfig } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepareRestore } from "../../src/backup/restore-into.ts";
import { writeBackup } from "../../src/backup/write-backup.ts";
import { type Db, query } from "../../src/db/connect.ts";
import { openPglite } from "../../src/db/embedded/pglite.ts";
import { type DatabaseLocation, openDatabase } from "../../src/db/open/open-database.ts";
import { rebuildAt } from "../../src/db/open/rebuild-at.ts";
import { snapshotAt } from "../../src/db/open/snapshot-at.ts";
import * as schema from "../../src/db/schema.ts";
import { withMigrationsUpTo } from "../../src/db/server/schema-history.ts";
import { freshFolder, freshLocation } from "../support/database.ts";
import { sayNothing } from "../support/embedded.ts";
import { NOW } from "../support/seed.ts";

const folder = await mkdtemp(join(tmpdir(), "herald-backup-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const TABLES = Object.values(schema).filter((value) => is(value, PgTable));

/** All that COPY has to quote, and more. */
const ODD = `tab\t line\n back\\ \\. quote" 'Юля' 😀 \\N`;

/** A value for a column of any type that the schema has; each row of a table gets others. */
function valueFor(column: PgColumn, row: number): unknown {
  if (column.enumValues) return column.enumValues[row % column.enumValues.length];
  const type = column.getSQLType();
  if (type === "bigint") return 9_000_000_000_000 + row;
  if (["integer", "smallint"].includes(type)) return row;
  if (type === "boolean") return row % 2 === 0;
  if (type === "text") return `${ODD} ${row}`;
  if (type === "jsonb") return { row, text: ODD, list: [null, 1.5, true] };
  if (type === "double precision") return row + 0.1;
  if (type === "timestamp with time zone") return new Date(NOW.getTime() + row);
  if (type.endsWith("[]")) return type === "text[]" ? [ODD, `${row}`] : [row, row + 1];
  throw new Error(`the test knows no value of the type ${type} of ${column.name}`);
}

/** Fills every column of every table, and leaves out what may be null in the last row. */
async function fill(db: Db): Promise<void> {
  for (const table of TABLES)
    for (const row of [1, 2, 3])
      await db.insert(table).values(
        Object.fromEntries(
          Object.entries(table)
            .filter(([, column]) => typeof column === "object" && column !== null && "getSQLType" in column)
            .map(([key, column]) => [key, column as PgColumn] as const)
            .filter(([, column]) => column.generatedIdentity === undefined)
            .filter(([, column]) => row < 3 || column.notNull)
            .map(([key, column]) => [key, valueFor(column, row)]),
        ),
      );
  // The number of a row that was deleted is not given out again.
  await db.execute(sql`delete from audit where id = 3`);
}

/** Every row of every table as text, and where the numbers go on. */
async function contentsOf(db: Db): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {};
  for (const table of TABLES) {
    const { name } = getTableConfig(table);
    contents[name] = await query(db, sql`select t::text as row from ${table} t order by 1`);
  }
  contents["numbers"] = await query(
    db,
    sql`select a.last_value::int as audit, n.last_value::int as news from audit_id_seq a, news_id_seq n`,
  );
  return contents;
}

async function contentsAt(location: DatabaseLocation): Promise<Record<string, unknown>> {
  const database = await openDatabase(location, sayNothing);
  try {
    return await contentsOf(database.db);
  } finally {
    await database.close();
  }
}

/** Restores without putting anything on hold. */
async function restore(path: string, location: DatabaseLocation): Promise<void> {
  const { fill: from } = await prepareRestore(path, {
    onTable: () => undefined,
    finish: async () => undefined,
  });
  await rebuildAt(location, { replace: false, now: NOW, say: sayNothing }, from);
}

describe("a backup of every table", () => {
  let before: Record<string, unknown>;
  const path = join(folder, "server.gz");

  beforeAll(async () => {
    const location = await freshLocation();
    const database = await openDatabase(location);
    await fill(database.db);
    before = await contentsOf(database.db);
    await database.close();
    await writeBackup((work) => snapshotAt(location, work), path, { now: NOW });
  });

  test("has rows of each, in every column", () => {
    const counts = Object.entries(before).map(([name, rows]) => [name, (rows as unknown[]).length]);
    const expected = TABLES.map((table) => [getTableName(table), getTableName(table) === "audit" ? 2 : 3]);
    expect(Object.fromEntries(counts)).toEqual({ ...Object.fromEntries(expected), numbers: 1 });
  });

  test("only this user may read it", async () => {
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("goes from a server to a server", async () => {
    const to = await freshLocation();
    await restore(path, to);
    expect(await contentsAt(to)).toEqual(before);
  });

  test("goes from a server to the embedded database, and from there to a server again", async () => {
    const embedded = await freshFolder();
    await restore(path, embedded);
    expect(await contentsAt(embedded)).toEqual(before);
    const again = join(folder, "embedded.gz");
    await writeBackup((work) => snapshotAt(embedded, work, sayNothing), again, { now: NOW });
    const to = await freshLocation();
    await restore(again, to);
    expect(await contentsAt(to)).toEqual(before);
  });

  test("goes through PGlite", { timeout: 120_000 }, async () => {
    const { dataDir } = await freshFolder();
    const pglite = await openPglite(dataDir);
    const { fill: from } = await prepareRestore(path, {
      onTable: () => undefined,
      finish: async () => undefined,
    });
    await pglite.rebuild(from);
    const again = join(folder, "pglite.gz");
    await writeBackup(pglite.snapshot, again, { now: NOW });
    await pglite.close();
    const to = await freshLocation();
    await restore(again, to);
    expect(await contentsAt(to)).toEqual(before);
  });

  test("is not restored over rows that are there", async () => {
    const to = await freshLocation();
    await restore(path, to);
    await expect(restore(path, to)).rejects.toThrow(/has rows already; nothing was changed/);
    expect(await contentsAt(to)).toEqual(before);
    const embedded = await freshFolder();
    await (await openDatabase(embedded)).close();
    await expect(restore(path, embedded)).rejects.toThrow(/There is a database in .* already/);
  });
});

test("a backup of an older schema is brought up to date, and its rows are there", async () => {
  const { dataDir } = await freshFolder();
  const old = await openPglite(dataDir);
  await old.rebuild(async ({ db, migrate }) => {
    await withMigrationsUpTo("0003_post_kinds", migrate);
    await db.execute(sql`insert into bots (bot_id, last_campaign) values (1, 7)`);
    await db.execute(sql`insert into campaigns (bot_id, id, state, pause_reason, content, audience, created_by, origin_key)
      values (1, 7, 'paused', 'content', '{"kind":"text","text":"Old","buttons":[]}', '{"languages":"all"}', 1, 'a')`);
  });
  const path = join(folder, "old.gz");
  await writeBackup(old.snapshot, path, { now: NOW });
  await old.close();
  for (const to of [await freshLocation(), await freshFolder()]) {
    await restore(path, to);
    const { homes, senders, campaigns } = await contentsAt(to);
    expect(homes).toEqual([{ row: expect.stringMatching(/^\(1,7,/) as string }]);
    expect(senders).toHaveLength(1);
    expect(campaigns).toEqual([{ row: expect.stringMatching(/^\(1,7,paused,content,/) as string }]);
  }
});
