import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { StartError } from "../../errors.ts";
import { rootCause } from "../../log.ts";
import type { Db } from "../connect.ts";
import { type Nudges, createNudges } from "../nudges.ts";
import { LIMITS, SET_LIMITS } from "./statement-limits.ts";
import { migrateServer } from "./migrate.ts";
import type { Say } from "../say.ts";
import * as schema from "../schema.ts";
import { findSplitTransactions } from "./pooler-check.ts";
import { withSafeTransactions } from "./transactions.ts";

/** The oldest PostgreSQL that is tested and still maintained. */
const OLDEST_SERVER = 14;

/** How long the server may take to answer first. */
const ANSWER_MS = 10_000;

/** Connections of one process, besides the one that listens to nudges. */
const POOL_SIZE = 10;

/**
 * Opens a pool on a server and migrates its schema. `say` gets a sentence if that waits for a lock.
 * @throws StartError if the server cannot be reached or used.
 */
export async function openServer(
  url: string,
  session: string,
  say: Say,
): Promise<{ db: Db; nudges: Nudges; close(): Promise<void> }> {
  return sayingWhatIsWrong(url, async () => {
    const client = await reach(url, POOL_SIZE, session);
    try {
      const db = drizzle(client, { schema });
      await migrateServer(db, session, say);
      // Without the limits, which a pooler may refuse and a connection that only listens does not need.
      const nudges = createNudges({ connect: () => connect(url, 1, session, {}), db, say });
      return { db, nudges, close: async () => client.end({ timeout: 5 }) };
    } catch (error) {
      await client.end({ timeout: 5 });
      throw error;
    }
  });
}

/**
 * Does `work` with the server at an address.
 * @throws StartError that says what to check if that fails.
 */
export async function sayingWhatIsWrong<T>(url: string, work: () => Promise<T>): Promise<T> {
  // The error of `new URL` would print the address, including the password.
  if (!URL.canParse(url))
    throw new StartError(
      "DATABASE_URL is not a valid URL. Percent-encode special characters in its password.",
    );
  try {
    return await work();
  } catch (error) {
    if (error instanceof StartError || !(error instanceof Error)) throw error;
    const { hostname, port, pathname } = new URL(url);
    throw new StartError(
      `The database ${pathname.slice(1)} at ${hostname}:${port || 5432} cannot be used: ${rootCause(error).message}\n` +
        "Check DATABASE_URL and that PostgreSQL runs there, or leave DATABASE_URL empty to use the embedded database.",
      { cause: error },
    );
  }
}

/** A name that PostgreSQL keeps unchanged: ASCII, at most 63 characters. */
export function newSession(): string {
  const name = `herald ${process.pid} ${randomBytes(6).toString("hex")} ${hostname()}`;
  return name.replace(/[^ -~]/g, "?").slice(0, 63);
}

/**
 * A pool of at most `max` connections with one name.
 *
 * All that Herald needs is that a transaction stays on one connection: no lock, setting or prepared statement outlives
 * it. So a pooler may give each transaction a different connection (docs/adr/0006-poolers.md).
 * @throws StartError if the server is too old, or splits transactions over connections.
 */
export async function reach(url: string, max: number, session: string): Promise<postgres.Sql> {
  const { parameters, opening } = await inspectServer(url, session, LIMITS).catch((error: unknown) => {
    if (!isUnsupportedParameter(error)) throw error;
    return inspectServer(url, session, {});
  });
  return withSafeTransactions(connect(url, max, session, parameters), opening);
}

/** PgBouncer refuses connections with parameters that it does not track per client. */
function isUnsupportedParameter(error: unknown): boolean {
  return error instanceof postgres.PostgresError && /unsupported startup parameter/i.test(error.message);
}

type Limits = Partial<typeof LIMITS>;

/** A URL, or the socket of a server of our own. */
export type Address = string | { path: string; user: string; database: string };

export function connect(
  address: Address,
  max: number,
  session: string,
  parameters: Limits = LIMITS,
): postgres.Sql {
  const [url, socket] = typeof address === "string" ? [address, {}] : ["", address];
  return postgres(url, {
    ...socket,
    max,
    connect_timeout: 10,
    // By default it waits up to 20 s before it reconnects, and so does every query.
    backoff: (attempts: number) => Math.min(0.1 * 2 ** attempts, 1),
    onnotice: () => undefined,
    // It would fetch array types on each new connection, and the process crashes if that connection closes meanwhile.
    fetch_types: false,
    // By default it prepares `commit` by name. If a pooler's next connection does not know that name, postgres.js runs
    // it again in the transaction that failed because of it, PostgreSQL rolls back, and the transaction seems
    // committed.
    prepare: false,
    connection: { application_name: session, ...parameters },
  });
}

/** What the first connection shows: which parameters it takes, and the statement that opens each transaction. */
interface Found {
  parameters: Limits;
  opening: string;
}

async function inspectServer(url: string, session: string, parameters: Limits): Promise<Found> {
  const client = connect(url, 1, session, parameters);
  try {
    const [server] = await Promise.race([
      client`select current_setting('server_version_num')::int / 10000 as major,
        current_setting('idle_in_transaction_session_timeout') <> '0' as limited`,
      failIfSilent(),
    ]);
    if (server?.["major"] < OLDEST_SERVER)
      throw new StartError(
        `PostgreSQL ${server?.["major"]} is too old. Herald needs ${OLDEST_SERVER} or newer; upgrade the server, ` +
          "or leave DATABASE_URL empty to use the embedded database.",
      );
    const torn = await findSplitTransactions(client);
    if (torn)
      throw new StartError(
        `At DATABASE_URL, a transaction does not stay on one connection (${torn}). ` +
          "If that is a pooler such as PgBouncer, set its pool_mode to transaction or session.",
      );
    // A pooler may accept the parameters and drop them.
    return { parameters, opening: server?.["limited"] ? "select 1" : SET_LIMITS };
  } finally {
    await client.end({ timeout: 5 });
  }
}

/**
 * postgres.js retries forever on a port that accepts connections and closes them, as a proxy without its server does.
 */
async function failIfSilent(): Promise<never> {
  await sleep(ANSWER_MS, undefined, { ref: false });
  throw new Error(`no answer within ${ANSWER_MS / 1000} s`);
}
