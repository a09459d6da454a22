import { sql } from "drizzle-orm";
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";
import { migrate as applyToPostgres } from "drizzle-orm/postgres-js/migrator";
import type { PgliteDatabase } from "drizzle-orm/pglite";
import { migrate as applyToPglite } from "drizzle-orm/pglite/migrator";
import { sayingWhoBlocks } from "./lock-holders.ts";
import { LIFT_LIMITS } from "./statement-limits.ts";
import type { Say } from "../say.ts";
import { query } from "../connect.ts";
import { MIGRATIONS, lastMigration } from "./schema-history.ts";
import type * as schema from "../schema.ts";

/** Any number that no other application locks: "Herald" on a phone keypad. */
const MIGRATION_LOCK = 437_253;

/** @throws StartError if a newer Herald has used the database */
export async function migratePglite(db: PgliteDatabase<typeof schema>, folder = MIGRATIONS): Promise<void> {
  await lastMigration((statement) => query(db, sql.raw(statement)));
  await applyToPglite(db, { migrationsFolder: folder });
}

/**
 * Applies missing migrations, in one transaction under an advisory lock, so that processes that start together do not
 * collide. The lock ends with the transaction, so it cannot stay on a pooler's connection.
 * @throws StartError if a newer Herald has used the database
 */
export async function migrateServer(
  db: PostgresJsDatabase<typeof schema>,
  session: string,
  say: Say,
): Promise<void> {
  const migrated = db.transaction(async (tx) => {
    await tx.execute(sql.raw(LIFT_LIMITS)); // large tables take long
    await lastMigration((statement) => query(tx, sql.raw(statement)));
    await migrateIn(tx, MIGRATIONS);
  });
  await sayingWhoBlocks({ db, session, say, what: "to bring the schema up to date" }, migrated);
}

/** Applies the migrations of a folder within a transaction. */
export async function migrateIn(tx: PostgresJsDatabase<typeof schema>, folder: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
  await applyToPostgres(tx, { migrationsFolder: folder });
}
