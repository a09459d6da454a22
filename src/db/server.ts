import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { StartError } from "../errors.ts";
import { rootCause } from "../log.ts";
import type { Db } from "./connect.ts";
import { LIMITS, SET_LIMITS } from "./statement-limits.ts";
import { migrateServer } from "./migrate.ts";
import type { Say } from "./say.ts";
import * as schema from "./schema.ts";
import { withSafeTransactions } from "./transactions.ts";

/** The oldest PostgreSQL that is tested and still maintained. */
const OLDEST_SERVER = 14;

/** How long the server may take for its first answer. */
const ANSWER_MS = 10_000;

/** Connections of one process. */
const POOL_SIZE = 10;

/**
 * Opens a pool on a server and brings its schema up to date. `say` hears of it when that waits for somebody's lock.
 * @throws StartError when the server cannot be reached or is of no use.
 */
export async function openServer(
  url: string,
  session: string,
  say: Say,
): Promise<{ db: Db; close(): Promise<void> }> {
  // The error of `new URL` would print the address, and with it the password.
  if (!URL.canParse(url))
    throw new StartError("DATABASE_URL cannot be read. Percent-encode what is special in its password.");
  let client: postgres.Sql | null = null;
  try {
    client = await reach(url, POOL_SIZE, session);
    const db = drizzle(client, { schema });
    await migrateServer(db, session, say);
    return { db, close: async () => client?.end({ timeout: 5 }) };
  } catch (error) {
    await client?.end({ timeout: 5 });
    if (error instanceof StartError || !(error instanceof Error)) throw error;
    const { hostname, port, pathname } = new URL(url);
    throw new StartError(
      `The database ${pathname.slice(1)} at ${hostname}:${port || 5432} cannot be used: ${rootCause(error).message}\n` +
        "Check DATABASE_URL and that PostgreSQL runs there, or leave DATABASE_URL empty to use the embedded database.",
      { cause: error },
    );
  }
}

/** As PostgreSQL keeps it: ASCII, at most 63 of it. */
export function newSession(): string {
  const name = `herald ${process.pid} ${randomBytes(6).toString("hex")} ${hostname()}`;
  return name.replace(/[^ -~]/g, "?").slice(0, 63);
}

/**
 * A pool of at most `max` connections under one name.
 *
 * Herald needs of a connection only that a transaction stays on it: no lock, setting or prepared statement of Herald's
 * outlives a transaction. So a pooler may give each transaction another connection (docs/adr/0006-poolers.md).
 * @throws StartError when the server is too old, or tears transactions apart.
 */
export async function reach(url: string, max: number, session: string): Promise<postgres.Sql> {
  const { parameters, opening } = await look(url, session, LIMITS).catch((error: unknown) => {
    if (!isUnsupportedParameter(error)) throw error;
    return look(url, session, {});
  });
  return withSafeTransactions(connect(url, max, session, parameters), opening);
}

/** PgBouncer refuses a connection with parameters that it does not keep apart by client. */
function isUnsupportedParameter(error: unknown): boolean {
  return error instanceof postgres.PostgresError && /unsupported startup parameter/i.test(error.message);
}

type Limits = Partial<typeof LIMITS>;

export function connect(
  url: string,
  max: number,
  session: string,
  parameters: Limits = LIMITS,
): postgres.Sql {
  return postgres(url, {
    max,
    connect_timeout: 10,
    // By itself it would wait up to 20 s before it tries again, and every query with it.
    backoff: (attempts: number) => Math.min(0.1 * 2 ** attempts, 1),
    onnotice: () => undefined,
    // It would ask for the types of arrays on each new connection, and the process ends of one that closes meanwhile.
    fetch_types: false,
    // By itself it prepares `commit` by name. Where a pooler's next connection does not know that name, postgres.js runs
    // it again on the transaction that has failed of it, PostgreSQL rolls back, and the transaction seems done.
    prepare: false,
    connection: { application_name: session, ...parameters },
  });
}

/** What is found on a first connection: what it takes as parameters, and the statement that opens each transaction. */
interface Found {
  parameters: Limits;
  opening: string;
}

async function look(url: string, session: string, parameters: Limits): Promise<Found> {
  const client = connect(url, 1, session, parameters);
  try {
    const [server] = await Promise.race([
      client`select current_setting('server_version_num')::int / 10000 as major,
        current_setting('idle_in_transaction_session_timeout') <> '0' as limited`,
      silence(),
    ]);
    if (server?.["major"] < OLDEST_SERVER)
      throw new StartError(
        `PostgreSQL ${server?.["major"]} is too old. Herald needs ${OLDEST_SERVER} or newer; upgrade the server, ` +
          "or leave DATABASE_URL empty to use the embedded database.",
      );
    const torn = await tears(client);
    if (torn)
      throw new StartError(
        `Where DATABASE_URL leads, a transaction does not stay on one connection (${torn}). ` +
          "If that is a pooler such as PgBouncer, set its pool_mode to transaction or session.",
      );
    // A pooler may take the parameters and drop them.
    return { parameters, opening: server?.["limited"] ? "select 1" : SET_LIMITS };
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** postgres.js tries for ever on a port that takes connections and closes them, as a proxy without its server does. */
async function silence(): Promise<never> {
  await sleep(ANSWER_MS, undefined, { ref: false });
  throw new Error(`no answer within ${ANSWER_MS / 1000} s`);
}

/**
 * How transactions come apart there; null when they do not. Where each statement gets another connection, some poolers
 * end the connection, and others let all of it happen. Not by begin(): of the latter, postgres.js would wait for ever.
 */
async function tears(client: postgres.Sql): Promise<string | null> {
  const mark = randomBytes(6).toString("hex");
  try {
    await client`begin`;
    await client`select set_config('herald.mark', ${mark}, true)`;
    const [row] = await client`select current_setting('herald.mark', true) as mark`;
    await client`commit`;
    return row?.["mark"] === mark ? null : "what one statement set was gone in the next";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
