import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyToPostgres } from "drizzle-orm/postgres-js/migrator";
import { migrate as applyToPglite } from "drizzle-orm/pglite/migrator";
import type { PgliteDatabase } from "drizzle-orm/pglite";
import postgres from "postgres";
import { StartError } from "../errors.ts";
import type * as schema from "./schema.ts";

/** migrations/ lies two folders up from src/db and from dist/db alike. */
const migrationsFolder = fileURLToPath(new URL("../../migrations", import.meta.url));

/** Any number that no other application locks; it is "Herald" on a telephone's keys. */
const MIGRATION_LOCK = 437_253;

/** The oldest PostgreSQL that is tested and still maintained. */
const OLDEST_SERVER = 14;

/** How long the server may take for its first answer. */
const ANSWER_MS = 10_000;

export async function migrateEmbedded(db: PgliteDatabase<typeof schema>): Promise<void> {
  await applyToPglite(db, { migrationsFolder });
}

/** Applies what is missing, on one connection under an advisory lock: processes that start together do not collide. */
export async function migrateServer(url: string): Promise<void> {
  const client = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    const [server] = await Promise.race([
      client`select current_setting('server_version_num')::int / 10000 as major`,
      silence(),
    ]);
    if (server?.["major"] < OLDEST_SERVER)
      throw new StartError(
        `PostgreSQL ${server?.["major"]} is too old. Herald needs ${OLDEST_SERVER} or newer; upgrade the server, ` +
          "or leave DATABASE_URL empty to use the embedded database.",
      );
    await client`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await applyToPostgres(drizzle(client), { migrationsFolder });
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** postgres.js tries for ever on a port that takes connections and closes them, as a proxy without its server does. */
async function silence(): Promise<never> {
  await delay(ANSWER_MS, undefined, { ref: false });
  throw new Error(`no answer within ${ANSWER_MS / 1000} s`);
}
