import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { rootCause } from "../log.ts";

/**
 * postgres.js 3.4 writes the next statement of a transaction, be it the rollback, into a connection that has closed
 * meanwhile, and the process ends of it. Here nothing is written there any more: the server has rolled back by itself,
 * and whoever asked for the transaction has heard of it. (`reserve()` would tell, too, but one that waits while
 * connections close may never be answered.)
 * Each transaction opens with the statement `opening`.
 */
export function withSafeTransactions(client: postgres.Sql, opening: string): postgres.Sql {
  const begin = client.begin.bind(client) as <T>(work: (own: Own) => Promise<T>) => Promise<T>;
  return Object.assign(client, {
    begin: <T>(work: (own: Own) => Promise<T>) => begin((own) => inOwn(own, watched(own, opening), work)),
  });
}

/** A transaction's connection, as drizzle uses it. */
type Own = Pick<postgres.TransactionSql, "unsafe"> & {
  savepoint<T>(part: (own: Own) => Promise<T>): Promise<T>;
};

/**
 * Opens the transaction with a statement of its own, and tells from then on whether the connection has closed: it is
 * known before it can close.
 */
function watched(own: Own, opening: string): () => boolean {
  let connection: { reserved: unknown } | null = null;
  let mine: unknown;
  const options: object = {
    // Which one it is; postgres.js takes it away from us when it closes, and may give it to others then.
    onexecute: (its: { reserved: unknown }) => {
      connection = its;
      mine = its.reserved;
    },
  };
  own.unsafe(opening, [], options).catch(() => undefined);
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
  const part = <P>(work: (own: Own) => Promise<P>) => savepoint((inner) => inOwn(inner, isClosed, work));
  try {
    const result = await work(
      Object.assign(own, {
        unsafe: ((...statement: Parameters<typeof unsafe>) => {
          if (isClosed()) throw connectionClosed();
          return unsafe(...statement);
        }) as typeof unsafe,
        savepoint: part,
        begin: part, // drizzle's migrator begins a transaction, and is run in one
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

/**
 * The socket's own errors name a system call, those that postgres.js makes of them begin alike. After a FATAL the
 * connection is closed, whatever the code is; a pooler's comes in the older form, without the field of its own.
 */
function isConnectionLost(error: unknown): boolean {
  const cause = error instanceof Error ? rootCause(error) : {};
  if (cause instanceof postgres.PostgresError) return (cause.severity ?? cause.severity_local) === "FATAL";
  return "syscall" in cause || ("code" in cause && String(cause.code).startsWith("CONNECTION_"));
}
