import { sql } from "drizzle-orm";
import type { Db } from "../db/connect.ts";
import type { CopyTarget } from "../db/copy-tables.ts";
import { MIGRATIONS, schemaStates, withMigrationsUpTo } from "../db/server/schema-history.ts";
import { damaged, madeByNewer } from "./backup-text.ts";
import { checkBackup, withBackup } from "./read-backup.ts";

export interface RestoreHooks {
  /** Hears of each table with its number of rows. */
  onTable: (table: string, rows: number) => void;
  /** What has to be done before anyone sees the data, in the same transaction. */
  finish: (db: Db, madeAt: Date) => Promise<void>;
}

/**
 * Checks a backup, and returns what fills a new database with it: with the schema of that time, which is then brought up
 * to date.
 * @throws StartError if the file is not whole, or if only a newer Herald can read it.
 */
export async function prepareRestore(
  path: string,
  { onTable, finish }: RestoreHooks,
): Promise<{ madeAt: Date; fill: (target: CopyTarget) => Promise<void> }> {
  const { head, foot } = await checkBackup(path);
  const state = (await schemaStates()).find(({ tag }) => tag === head.migration);
  if (!state) throw madeByNewer(path, head);
  const madeAt = new Date(head.madeAt);

  async function fill(target: CopyTarget): Promise<void> {
    await withMigrationsUpTo(head.migration, target.migrate);
    await withBackup(path, async ({ tables }) => {
      for await (const { table, columns, rows } of tables) {
        if (!state?.tables.includes(table)) throw damaged(path, `it has an unknown table ${table}`);
        await target.copyIn(table, columns, rows);
        for (const { column, last, called } of foot.sequences[table] ?? [])
          await target.db.execute(
            sql`select setval(pg_get_serial_sequence(${table}, ${column}), ${last}::bigint, ${called}::boolean)`,
          );
        onTable(table, foot.rows[table] ?? 0);
      }
    });
    await target.migrate(MIGRATIONS);
    await finish(target.db, madeAt);
  }

  return { madeAt, fill };
}
