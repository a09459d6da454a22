import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import { afterAll, expect, test } from "vitest";
import { openDatabase } from "../../src/db/open/open-database.ts";
import { within } from "../support/broadcast.ts";
import { freshLocation } from "../support/database.ts";

const MIGRATIONS = join(import.meta.dirname, "../../migrations");

interface Journal {
  entries: { tag: string }[];
}

/** A database as the version before a migration left it, and the way to bring it up to date. */
async function before(tag: string) {
  const folder = await mkdtemp(join(tmpdir(), "herald-migrations-"));
  const client = await PGlite.create();
  afterAll(async () => {
    await client.close();
    await rm(folder, { recursive: true });
  });
  await cp(MIGRATIONS, folder, { recursive: true });
  const path = join(folder, "meta/_journal.json");
  const journal = JSON.parse(await readFile(path, "utf8")) as Journal;
  const entries = journal.entries.slice(
    0,
    journal.entries.findIndex((entry) => entry.tag === tag),
  );
  await writeFile(path, JSON.stringify({ ...journal, entries }));
  const db = drizzle(client);
  await migrate(db, { migrationsFolder: folder });
  return { client, upgrade: () => migrate(db, { migrationsFolder: MIGRATIONS }) };
}

test("of the people of an older version, those who came one by one have joined, those of an import have not", async () => {
  const { client, upgrade } = await before("0004_numbers");
  await client.exec(`
    insert into recipients (bot_id, chat_id, created_at) select 1, id, now() - interval '2 days' from generate_series(1, 3) id;
    insert into recipients (bot_id, chat_id, created_at) values (1, 4, now() - interval '3 days'), (1, 5, now());
    insert into recipients (bot_id, chat_id, kind, created_at) values (1, -6, 'group', now() - interval '1 day');
    insert into recipients (bot_id, chat_id, created_at) values (1, 7, now() - interval '1 year');`);
  await upgrade();
  const { rows } = await client.query<{ id: number }>(
    "select chat_id::int as id from recipients where joined_at = created_at order by chat_id",
  );
  expect(rows.map(({ id }) => id)).toEqual([4, 5]);
});

test("a database that a newer Herald has used is not opened", async () => {
  const location = await freshLocation();
  await within(location, ({ db }) =>
    db.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', ${Date.parse("2100-01-01")}::bigint)`,
    ),
  );
  await expect(openDatabase(location)).rejects.toThrow("written by a newer version of Herald");
});
