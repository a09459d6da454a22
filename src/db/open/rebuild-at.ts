import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { StartError } from "../../errors.ts";
import { type Db, query } from "../connect.ts";
import type { CopyTarget } from "../copy-tables.ts";
import { rebuildFolder } from "../embedded/rebuild-folder.ts";
import { type Say, sayOnStderr } from "../say.ts";
import * as schema from "../schema.ts";
import { findSchemaState } from "../server/schema-history.ts";
import { sayingWhoBlocks } from "../server/lock-holders.ts";
import { rebuildIn } from "../server/rebuild.ts";
import { newSession, reach, sayingWhatIsWrong } from "../server/server.ts";
import type { DatabaseLocation } from "./open-database.ts";

export interface RebuildOptions {
  /** An embedded database that is there already is put aside; one on a server is refused all the same. */
  replace: boolean;
  now: Date;
  say?: Say;
}

/**
 * Makes a database anew: `work` makes its schema and fills it, whole or not at all. Resolves with where the embedded one
 * is that was there before, or null.
 * @throws StartError if a Herald uses the database, if it has rows, or if it cannot be used.
 */
export async function rebuildAt(
  location: DatabaseLocation,
  { replace, now, say = sayOnStderr }: RebuildOptions,
  work: (target: CopyTarget) => Promise<void>,
): Promise<string | null> {
  const session = newSession();
  if (location.type === "embedded")
    return rebuildFolder(location.dataDir, session, { replace, now, say }, work);
  const client = await sayingWhatIsWrong(location.url, () => reach(location.url, 2, session));
  try {
    const db = drizzle(client, { schema });
    const rebuilt = rebuildIn(db, async (target) => {
      await refuseInUse(target.db, session);
      await clear(target.db);
      await work(target);
    });
    await sayingWhoBlocks({ db, session, say, what: "to write the tables" }, rebuilt);
  } finally {
    await client.end({ timeout: 5 });
  }
  return null;
}

/** @throws StartError if another Herald is connected. */
async function refuseInUse(db: Db, session: string): Promise<void> {
  const [other] = await query<{ name: string }>(
    db,
    sql`select application_name as name from pg_stat_activity
        where datname = current_database() and application_name like 'herald %' and application_name <> ${session} limit 1`,
  );
  if (other) throw new StartError(`A Herald is connected to this database (${other.name}). Stop it first.`);
}

/** Removes the empty tables that a Herald has made, since the backup may be of an older schema. @throws StartError if one has rows. */
async function clear(db: Db): Promise<void> {
  const state = await findSchemaState((text) => query(db, sql.raw(text)));
  if (!state) return;
  for (const name of state.tables) {
    const table = sql.identifier(name);
    await db.execute(sql`lock table ${table} in access exclusive mode`);
    const [held] = await query<{ some: boolean }>(db, sql`select exists (select from ${table}) as some`);
    if (held?.some)
      throw new StartError(
        `The table ${name} on the server has rows already; nothing was changed. Create an empty database ` +
          "(create database …), put its address into DATABASE_URL, and run this again. The old one stays as it is.",
      );
  }
  await db.execute(
    sql`drop table ${sql.join(
      state.tables.map((name) => sql.identifier(name)),
      sql`, `,
    )}`,
  );
  if (state.enums.length > 0)
    await db.execute(
      sql`drop type ${sql.join(
        state.enums.map((name) => sql.identifier(name)),
        sql`, `,
      )}`,
    );
  await db.execute(sql`delete from drizzle.__drizzle_migrations`);
}
