import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { PGlite } from "@electric-sql/pglite";
import { is } from "drizzle-orm";
import { PgTable, getTableConfig } from "drizzle-orm/pg-core";
import type { TransactionSql } from "postgres";
import { StartError } from "../../errors.ts";
import { sayingWhoBlocks } from "../blockers.ts";
import { openDatabase } from "./open-database.ts";
import { openEmbedded } from "../embedded/embedded.ts";
import { LIFT_LIMITS } from "../statement-limits.ts";
import { type Say, sayOnStderr } from "../say.ts";
import * as schema from "../schema.ts";
import { reach } from "../server.ts";

/** Blocks of 8 kB copied at once: some 8 MB of text, so that memory stays flat whatever the size of the table. */
const BLOCKS_AT_ONCE = 1_000;

/**
 * Copies everything from the embedded database in `dataDir` into an empty server database, in one transaction there:
 * either everything arrives or nothing does. The embedded data stays unchanged.
 * `onTable` gets each table with its number of rows, `say` what it waits for.
 * @throws StartError if there is no such database, if a Herald uses it, or if the server's tables already have rows.
 */
export async function moveToServer(
  dataDir: string,
  url: string,
  onTable: (table: string, rows: number) => void,
  say: Say = sayOnStderr,
): Promise<void> {
  const found = await stat(join(dataDir, "pg")).catch(() => null);
  if (!found) throw new StartError(`There is no embedded database in ${dataDir}. Is DATA_DIR right?`);
  const source = await openEmbedded(dataDir, say);
  try {
    const server = await openDatabase({ type: "server", url }, say); // migrates, and says what is wrong with it
    const { db, session } = server;
    const target = await reach(url, 1, session);
    try {
      const copied = target.begin(async (tx) => {
        await tx.unsafe(LIFT_LIMITS); // large tables take long
        for (const name of TABLES) onTable(name, await copyTable(source.client, tx, name));
      });
      await sayingWhoBlocks({ db, session, say, what: "to copy the tables" }, copied);
    } finally {
      await target.end({ timeout: 5 });
      await server.close();
    }
  } finally {
    await source.close();
  }
}

const TABLES = Object.values(schema).flatMap((value) =>
  is(value, PgTable) ? [getTableConfig(value).name] : [],
);

/** Copies from PGlite to the server by COPY, a range of blocks at a time. Resolves with the number of rows. */
async function copyTable(source: PGlite, target: TransactionSql, table: string): Promise<number> {
  // Nothing may be written between this check and the end of the transaction.
  await target`lock table ${target(table)} in access exclusive mode`;
  const [held] = await target`select exists (select from ${target(table)}) as some`;
  if (held?.["some"])
    throw new StartError(
      `The table ${table} on the server already has rows. Move into an empty database; nothing was copied.`,
    );

  const { rows: columns } = await source.query<{ name: string; identity: boolean }>(
    `select quote_ident(column_name) as name, is_identity = 'YES' as identity
     from information_schema.columns where table_schema = 'public' and table_name = $1 order by ordinal_position`,
    [table],
  );
  const list = columns.map(({ name }) => name).join(", ");
  const { rows: sizes } = await source.query<{ blocks: number }>(
    `select (pg_relation_size($1::regclass) / current_setting('block_size')::int)::int as blocks`,
    [table],
  );
  const blocks = sizes[0]?.blocks ?? 0;
  for (let from = 0; from < blocks; from += BLOCKS_AT_ONCE) {
    const { blob } = await source.query(
      `copy (select ${list} from ${table} where ctid >= '(${from},0)' and ctid < '(${from + BLOCKS_AT_ONCE},0)')
       to '/dev/blob'`,
    );
    if (blob)
      await pipeline(blob.stream(), await target.unsafe(`copy ${table} (${list}) from stdin`).writable());
  }

  // Numbering continues, and counts discarded drafts, too.
  for (const { name } of columns.filter(({ identity }) => identity)) {
    const { rows } = await source.query<{ sequence: string }>(
      `select pg_get_serial_sequence($1, $2) as sequence`,
      [table, name],
    );
    const sequence = rows[0]?.sequence ?? "";
    const { rows: at } = await source.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${sequence}`,
    );
    if (at[0]) await target`select setval(${sequence}::regclass, ${at[0].last}::bigint, ${at[0].called})`;
  }

  const { rows: before } = await source.query<{ count: number }>(
    `select count(*)::int as count from ${table}`,
  );
  const [after] = await target`select count(*)::int as count from ${target(table)}`;
  if (before[0]?.count !== after?.["count"])
    throw new Error(`${table}: ${before[0]?.count} rows here, ${after?.["count"]} arrived`);
  return before[0]?.count ?? 0;
}
