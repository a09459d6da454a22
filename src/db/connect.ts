import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type SQL, sql } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { drizzle as drizzlePostgres } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { rootCause } from "../log.ts";
import { StartError } from "../errors.ts";
import { lockFolder } from "./lock.ts";
import { migrateEmbedded, migrateServer } from "./migrate.ts";
import * as schema from "./schema.ts";

/** The database or a transaction in it. The same type for PGlite and for postgres.js. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

/** Which bot's rows in which database (or transaction): what every function of the domain works in. */
export interface Scope {
  db: Db;
  botId: number;
}

export type DatabaseLocation = { type: "server"; url: string } | { type: "embedded"; dataDir: string };

export interface Database {
  db: Db;
  /** True when no other process can use it: the folder's lock is ours. */
  exclusive: boolean;
  /** Names who opened it; unique. A server shows it as the `application_name` of each of its connections. */
  session: string;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database and brings its schema up to date.
 * @throws StartError when the server cannot be reached or another process holds the folder.
 */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  return location.type === "server" ? openServer(location.url) : openEmbedded(location.dataDir);
}

async function openEmbedded(dataDir: string): Promise<Database> {
  // Loaded only here: with a server it would take up memory for nothing.
  const [{ PGlite }, { drizzle }] = await Promise.all([
    import("@electric-sql/pglite"),
    import("drizzle-orm/pglite"),
  ]);
  await mkdir(dataDir, { recursive: true });
  const lock = await lockFolder(dataDir);
  try {
    const client = await PGlite.create(join(dataDir, "pg"));
    const db = drizzle(client, { schema });
    await migrateEmbedded(db);
    return {
      db,
      exclusive: true,
      session: newSession(),
      ping: () => ping(db),
      async close() {
        await client.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openServer(url: string): Promise<Database> {
  // The error of `new URL` would print the address, and with it the password.
  if (!URL.canParse(url))
    throw new StartError("DATABASE_URL cannot be read. Percent-encode what is special in its password.");
  try {
    await migrateServer(url);
  } catch (error) {
    if (error instanceof StartError || !(error instanceof Error)) throw error;
    const { hostname, port, pathname } = new URL(url);
    throw new StartError(
      `The database ${pathname.slice(1)} at ${hostname}:${port || 5432} cannot be used: ${rootCause(error).message}\n` +
        "Check DATABASE_URL and that PostgreSQL runs there, or leave DATABASE_URL empty to use the embedded database.",
      { cause: error },
    );
  }
  const session = newSession();
  const client = connect(url, 10, session);
  const db = drizzlePostgres(withSafeTransactions(client), { schema });
  return {
    db,
    exclusive: false,
    session,
    ping: () => ping(db),
    close: () => client.end({ timeout: 5 }),
  };
}

/** As PostgreSQL keeps it: ASCII, at most 63 of it. */
function newSession(): string {
  const name = `herald ${process.pid} ${randomBytes(6).toString("hex")} ${hostname()}`;
  return name.replace(/[^ -~]/g, "?").slice(0, 63);
}

/** Resolves when the database answers. */
export async function ping(db: Db): Promise<void> {
  await db.execute(sql`select 1`);
}

/**
 * A pool of at most `max` connections under one name. The server ends a statement that hangs, and a transaction of whose
 * process it has heard nothing for 5 s: what one that is cut off has locked must not hold up the others.
 */
export function connect(url: string, max: number, session = "herald"): postgres.Sql {
  return postgres(url, {
    max,
    connect_timeout: 10,
    // By itself it would wait up to 20 s before it tries again, and every query with it.
    backoff: (attempts: number) => Math.min(0.1 * 2 ** attempts, 1),
    onnotice: () => undefined,
    // It would ask for the types of arrays on each new connection, and the process ends of one that closes meanwhile.
    fetch_types: false,
    connection: {
      application_name: session,
      statement_timeout: 60_000,
      idle_in_transaction_session_timeout: 5_000,
    },
  });
}

/**
 * postgres.js 3.4 writes the next statement of a transaction, be it the rollback, into a connection that has closed
 * meanwhile, and the process ends of it. Here nothing is written there any more: the server has rolled back by itself,
 * and whoever asked for the transaction has heard of it. (`reserve()` would tell, too, but one that waits while
 * connections close may never be answered.)
 */
function withSafeTransactions(client: postgres.Sql): postgres.Sql {
  const begin = client.begin.bind(client) as <T>(work: (own: Own) => Promise<T>) => Promise<T>;
  return Object.assign(client, {
    begin: <T>(work: (own: Own) => Promise<T>) => begin((own) => inOwn(own, watched(own), work)),
  });
}

/** A transaction's connection, as drizzle uses it. */
type Own = Pick<postgres.TransactionSql, "unsafe"> & {
  savepoint<T>(part: (own: Own) => Promise<T>): Promise<T>;
};

/** Tells whether the connection has closed since. Asked for at the begin: it is known before it can close. */
function watched(own: Own): () => boolean {
  let connection: { reserved: unknown } | null = null;
  let mine: unknown;
  const options: object = {
    // Which one it is; postgres.js takes it away from us when it closes, and may give it to others then.
    onexecute: (its: { reserved: unknown }) => {
      connection = its;
      mine = its.reserved;
    },
  };
  own.unsafe("select 1", [], options).catch(() => undefined);
  return () => connection !== null && connection.reserved !== mine;
}

/** Does the work; once the connection has closed, it never ends. */
async function inOwn<T>(own: Own, isClosed: () => boolean, work: (own: Own) => Promise<T>): Promise<T> {
  /** Whether there is nothing left to roll back. A connection fails its statement a moment before it is closed. */
  const isLost = async (error: unknown) => {
    for (let ms = 1; isConnectionLost(error) && !isClosed() && ms < 100; ms *= 2) await sleep(ms);
    return isClosed();
  };
  const unsafe = own.unsafe.bind(own);
  const savepoint = own.savepoint.bind(own);
  try {
    const result = await work(
      Object.assign(own, {
        unsafe: ((...statement: Parameters<typeof unsafe>) => {
          if (isClosed()) throw connectionClosed();
          return unsafe(...statement);
        }) as typeof unsafe,
        savepoint: <P>(part: (own: Own) => Promise<P>) => savepoint((inner) => inOwn(inner, isClosed, part)),
      }),
    );
    if (!isClosed()) return result;
  } catch (error) {
    if (!(await isLost(error))) throw error;
  }
  return new Promise<never>(() => undefined);
}

function connectionClosed(): Error {
  return Object.assign(new Error("the connection closed"), { code: "CONNECTION_CLOSED" });
}

/** The socket's own errors name a system call, those that postgres.js makes of them begin alike; 57P01 is the server's. */
function isConnectionLost(error: unknown): boolean {
  const cause = error instanceof Error ? rootCause(error) : {};
  return "syscall" in cause || ("code" in cause && /^(?:CONNECTION_|57P0)/.test(String(cause.code)));
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
export async function inTransaction<T>({ db, botId }: Scope, work: (tx: Scope) => Promise<T>): Promise<T> {
  return db.transaction((tx) => work({ db: tx, botId }));
}
