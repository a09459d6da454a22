import { pipeline } from "node:stream/promises";
import type { PGliteInterface } from "@electric-sql/pglite";
import { is } from "drizzle-orm";
import { PgTable, getTableConfig } from "drizzle-orm/pg-core";
import type { Sql, TransactionSql } from "postgres";
import { StartError } from "../errors.ts";
import type { Db } from "./connect.ts";
import * as schema from "./schema.ts";

/** Blocks of 8 kB copied at once: some 8 MB of text, so that memory stays flat whatever the table holds. */
const BLOCKS_AT_ONCE = 1_000;

/** A database to copy from. Nothing else may write to it meanwhile, unless it is a snapshot. */
export interface CopySource {
  /** The rows of a query with `$1`, `$2` … */
  rows<Row>(query: string, parameters?: string[]): Promise<Row[]>;
  /** What `copy (query) to stdout` gives. */
  copyOut(query: string): AsyncIterable<Uint8Array>;
}

/** A database to copy into. */
export interface CopyTarget {
  db: Db;
  /** Applies the migrations in `folder`. */
  migrate(folder: string): Promise<void>;
  /** `rows` in the format of COPY; each piece holds whole lines. */
  copyIn(table: string, columns: readonly string[], rows: AsyncIterable<Uint8Array>): Promise<void>;
}

export function pgliteSource(client: Pick<PGliteInterface, "query">): CopySource {
  return {
    rows: async <Row>(query: string, parameters: string[] = []) =>
      (await client.query<Row>(query, parameters)).rows,
    async *copyOut(query) {
      const { blob } = await client.query(`copy (${query}) to '/dev/blob'`);
      if (blob) yield* blob.stream() as AsyncIterable<Uint8Array>;
    },
  };
}

export function postgresSource(client: Pick<Sql, "unsafe">): CopySource {
  return {
    rows: async <Row>(query: string, parameters: string[] = []) =>
      (await client.unsafe(query, parameters)) as unknown as Row[],
    async *copyOut(query) {
      const rows = await client.unsafe(`copy (${query}) to stdout`).readable();
      yield* rows as AsyncIterable<Uint8Array>;
      // postgres.js 3.4 stops the socket when this buffer is full, and goes on when it is read again, which it is not at its
      // end: the next statement on this connection would wait for ever.
      rows["_read"](0);
    },
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

/** The names of a table's columns, in their order. */
export async function columnsOf(source: CopySource, table: string): Promise<string[]> {
  const columns = await source.rows<{ name: string }>(
    `select column_name as name from information_schema.columns
     where table_schema = 'public' and table_name = $1 order by ordinal_position`,
    [table],
  );
  return columns.map(({ name }) => name);
}

/** A table's rows, read a range of blocks at a time. */
export async function* rowsOf(
  source: CopySource,
  table: string,
  columns: readonly string[],
): AsyncGenerator<Uint8Array> {
  const [size] = await source.rows<{ blocks: number }>(
    `select (pg_relation_size($1::regclass) / current_setting('block_size')::int)::int as blocks`,
    [table],
  );
  for (let from = 0; from < (size?.blocks ?? 0); from += BLOCKS_AT_ONCE)
    yield* source.copyOut(
      `select ${listOf(columns)} from ${quoted(table)} where ctid >= '(${from},0)' and ctid < '(${from + BLOCKS_AT_ONCE},0)'`,
    );
}

/** Where a column that numbers its rows stands. */
export interface SequenceState {
  column: string;
  last: string;
  called: boolean;
}

export async function sequencesOf(source: CopySource, table: string): Promise<SequenceState[]> {
  const columns = await source.rows<{ column: string; sequence: string }>(
    `select column_name as column, pg_get_serial_sequence($1, column_name::text) as sequence
     from information_schema.columns where table_schema = 'public' and table_name = $1 and is_identity = 'YES'`,
    [table],
  );
  const states: SequenceState[] = [];
  for (const { column, sequence } of columns) {
    const [state] = await source.rows<Omit<SequenceState, "column">>(
      `select last_value::text as last, is_called as called from ${sequence}`,
    );
    if (state) states.push({ column, ...state });
  }
  return states;
}

/** SQL: takes the rows of these columns. */
export function copyFrom(table: string, columns: readonly string[], from = "stdin"): string {
  return `copy ${quoted(table)} (${listOf(columns)}) from ${from}`;
}

function listOf(columns: readonly string[]): string {
  return columns.map(quoted).join(", ");
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
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

  const columns = await columnsOf(source, table);
  await pipeline(rowsOf(source, table, columns), await target.unsafe(copyFrom(table, columns)).writable());

  // Numbers go on where they stood, those of discarded drafts included.
  for (const { column, last, called } of await sequencesOf(source, table))
    await target`select setval(pg_get_serial_sequence(${table}, ${column}), ${last}::bigint, ${called})`;

  const [before] = await source.rows<{ count: number }>(`select count(*)::int as count from ${table}`);
  const [after] = await target`select count(*)::int as count from ${target(table)}`;
  if (before?.count !== after?.["count"])
    throw new Error(`${table}: ${before?.count} rows here, ${after?.["count"]} arrived`);
  return before?.count ?? 0;
}
