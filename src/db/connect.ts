import { type SQL, sql } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type * as schema from "./schema.ts";

/** The database or a transaction in it. The same type for PGlite and for postgres.js. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

/** Resolves when the database answers. */
export async function ping(db: Db): Promise<void> {
  await db.execute(sql`select 1`);
}

/**
 * Runs raw SQL and returns its rows; the two drivers wrap them differently.
 * Cast what comes back: `::float8` for ids (exact to 2^53) and `::text` for times, which arrive unparsed.
 */
export async function query<Row>(db: Db, statement: SQL): Promise<Row[]> {
  const result: unknown = await db.execute(statement);
  return (Array.isArray(result) ? result : (result as { rows: Row[] }).rows) as Row[];
}
