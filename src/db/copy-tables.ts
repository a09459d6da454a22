import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { PGlite } from "@electric-sql/pglite";
import { is } from "drizzle-orm";
import { PgTable, getTableConfig } from "drizzle-orm/pg-core";
import type { Sql, TransactionSql } from "postgres";
import { StartError } from "../errors.ts";
import * as schema from "./schema.ts";

/** Blocks of 8 kB copied at once: some 8 MB of text, so that memory stays flat whatever the table holds. */
const BLOCKS_AT_ONCE = 1_000;

/** A database to copy from. Nothing else may write to it meanwhile. */
export interface CopySource {
  /** The rows of a query with `$1`, `$2` … */
  rows<Row>(query: string, parameters?: string[]): Promise<Row[]>;
  /** What `copy (query) to stdout` gives. */
  copyOut(query: string): Promise<Readable | AsyncIterable<Uint8Array>>;
}

export function pgliteSource(client: PGlite): CopySource {
  return {
    rows: async <Row>(query: string, parameters: string[] = []) =>
      (await client.query<Row>(query, parameters)).rows,
    async copyOut(query) {
      const { blob } = await client.query(`copy (${query}) to '/dev/blob'`);
      return (blob ?? new Blob([])).stream();
    },
  };
}

export function postgresSource(client: Sql): CopySource {
  return {
    rows: async <Row>(query: string, parameters: string[] = []) =>
      (await client.unsafe(query, parameters)) as unknown as Row[],
    copyOut: (query) => client.unsafe(`copy (${query}) to stdout`).readable(),
  };
}

const TABLES = Object.values(schema).flatMap((value) =>
  is(value, PgTable) ? [getTableConfig(value).name] : [],
);

/**
 * Copies every table into an empty, migrated database within its transaction.
 * `onTable` hears of each table with its number of rows.
 * @throws StartError when a table of the target holds rows already.
 */
export async function copyTables(
  source: CopySource,
  target: TransactionSql,
  onTable: (table: string, rows: number) => void,
): Promise<void> {
  for (const name of TABLES) onTable(name, await copyTable(source, target, name));
}

/** COPY from one into the other, a range of blocks at a time. Resolves with the number of rows. */
async function copyTable(source: CopySource, target: TransactionSql, table: string): Promise<number> {
  // Nothing may be written between this look and the end of the transaction.
  await target`lock table ${target(table)} in access exclusive mode`;
  const [held] = await target`select exists (select from ${target(table)}) as some`;
  if (held?.["some"])
    throw new StartError(
      `The table ${table} on the server already has rows. Move into an empty database; nothing was copied.`,
    );

  const columns = await source.rows<{ name: string; identity: boolean }>(
    `select quote_ident(column_name) as name, is_identity = 'YES' as identity
     from information_schema.columns where table_schema = 'public' and table_name = $1 order by ordinal_position`,
    [table],
  );
  const list = columns.map(({ name }) => name).join(", ");
  const [size] = await source.rows<{ blocks: number }>(
    `select (pg_relation_size($1::regclass) / current_setting('block_size')::int)::int as blocks`,
    [table],
  );
  for (let from = 0; from < (size?.blocks ?? 0); from += BLOCKS_AT_ONCE) {
    const rows = await source.copyOut(
      `select ${list} from ${table} where ctid >= '(${from},0)' and ctid < '(${from + BLOCKS_AT_ONCE},0)'`,
    );
    await pipeline(rows, await target.unsafe(`copy ${table} (${list}) from stdin`).writable());
  }

  // Numbers go on where they stood, those of discarded drafts included.
  for (const { name } of columns.filter(({ identity }) => identity)) {
    const [found] = await source.rows<{ sequence: string }>(
      `select pg_get_serial_sequence($1, $2) as sequence`,
      [table, name],
    );
    const sequence = found?.sequence ?? "";
    const [at] = await source.rows<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${sequence}`,
    );
    if (at) await target`select setval(${sequence}::regclass, ${at.last}::bigint, ${at.called})`;
  }

  const [before] = await source.rows<{ count: number }>(`select count(*)::int as count from ${table}`);
  const [after] = await target`select count(*)::int as count from ${target(table)}`;
  if (before?.count !== after?.["count"])
    throw new Error(`${table}: ${before?.count} rows here, ${after?.["count"]} arrived`);
  return before?.count ?? 0;
}
