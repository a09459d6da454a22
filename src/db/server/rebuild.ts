import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sql } from "drizzle-orm";
import type { PostgresJsDatabase, PostgresJsSession } from "drizzle-orm/postgres-js";
import type { Sql } from "postgres";
import { type CopyTarget, copyFrom } from "../copy-tables.ts";
import type * as schema from "../schema.ts";
import { migrateIn } from "./migrate.ts";
import { LIFT_LIMITS } from "./statement-limits.ts";

/** Writes to a server's database in one transaction, in which the schema may be made, too. */
export async function rebuildIn<T>(
  db: PostgresJsDatabase<typeof schema>,
  work: (target: CopyTarget) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql.raw(LIFT_LIMITS)); // large tables take long
    // drizzle has no COPY, so its own connection is asked.
    const { client } = tx._.session as unknown as PostgresJsSession<Sql, Record<string, unknown>, never>;
    return work({
      db: tx,
      migrate: (folder) => migrateIn(tx, folder),
      async copyIn(table, columns, rows) {
        await pipeline(Readable.from(rows), await client.unsafe(copyFrom(table, columns)).writable());
      },
    });
  });
}
