import { sql } from "drizzle-orm";
import type { Clock } from "../clock.ts";
import { type Db, ping, query } from "./connect.ts";

/** The first things an operator wants to know about a database. */
export interface DatabaseFacts {
  /** PostgreSQL's version, such as 17.5. */
  version: string;
  sizeBytes: number;
  /** How long an empty query took. */
  answerMs: number;
}

export async function databaseFacts(db: Db, clock: Clock): Promise<DatabaseFacts> {
  const asked = clock.monotonic();
  await ping(db);
  const answerMs = clock.monotonic() - asked;
  const [row] = await query<{ version: string; size: number }>(
    db,
    sql`select current_setting('server_version') as version, pg_database_size(current_database())::float8 as size`,
  );
  // Distributions append their own version: "16.4 (Debian 16.4-1.pgdg120+1)".
  return { version: row?.version.split(" ", 1)[0] ?? "", sizeBytes: row?.size ?? 0, answerMs };
}
