import { type SQL, sql } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type * as schema from "./schema.ts";

/** The database or a transaction in it. The same type for PGlite and for postgres.js. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

/** Whose rows in which database (or transaction): what every function of the domain works in. */
export interface Scope {
  db: Db;
  /** The bot in whose chat the admins work. */
  homeId: number;
  /** The bot that posts. */
  botId: number;
}

/** The scope of a home that posts through its own bot. */
export function homeScope(db: Db, botId: number): Scope {
  return { db, homeId: botId, botId };
}

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

/** Runs `work` in one transaction. Inside it, only the scope that it gets may be used: PGlite has one connection. */
export async function inTransaction<T>(scope: Scope, work: (tx: Scope) => Promise<T>): Promise<T> {
  return scope.db.transaction((db) => work({ ...scope, db }));
}
