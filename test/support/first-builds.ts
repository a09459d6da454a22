import { readFile, readdir } from "node:fs/promises";
import { sql } from "drizzle-orm";
import type { Db } from "../../src/db/connect.ts";

/** Runs a migration again, on rows that a test inserted as an earlier version wrote them. */
export async function migrateRows(db: Db, name: string): Promise<void> {
  const folder = new URL("../../migrations/", import.meta.url);
  const file = (await readdir(folder)).find((one) => one.endsWith(`_${name}.sql`));
  if (file === undefined) throw new Error(`there is no migration ${name}`);
  const text = await readFile(new URL(file, folder), "utf8");
  for (const statement of text.split("--> statement-breakpoint")) await db.execute(sql.raw(statement));
}
