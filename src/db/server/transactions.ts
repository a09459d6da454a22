import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { rootCause } from "../../log.ts";

/**
 * If a connection closes in a transaction, postgres.js 3.4 writes the next statement to it, even the rollback, and the
 * process crashes. Here nothing more is written: the server has rolled back by itself, and the caller of the
 * transaction gets the error. (`reserve()` would notice, too, but one that waits while connections close may never be
 * answered.) Each transaction opens with the statement `opening`.
 */
export function withSafeTransactions(client: postgres.Sql, opening: string): postgres.Sql {
  const begin = client.begin.bind(client) as <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;
  return Object.assign(client, {
    begin: <T>(work: (tx: Transaction) => Promise<T>) =>
      begin((tx) => runIn(tx, watchClosing(tx, opening), work)),
  });
}

/** A transaction's connection, as drizzle uses it. */
type Transaction = Pick<postgres.TransactionSql, "unsafe"> & {
  savepoint<T>(part: (tx: Transaction) => Promise<T>): Promise<T>;
};

/**
 * Opens the transaction with a statement that reveals its connection before it can close. Returns a function that tells
 * whether it has closed.
 */
function watchClosing(tx: Transaction, opening: string): () => boolean {
  let connection: { reserved: unknown } | null = null;
  let mine: unknown;
  const options: object = {
    // The connection; when it closes, postgres.js takes it away from us and may give it to others.
    onexecute: (its: { reserved: unknown }) => {
      connection = its;
      mine = its.reserved;
    },
  };
  tx.unsafe(opening, [], options).catch(() => undefined);
  return () => connection !== null && connection.reserved !== mine;
}

/** Does the work; once the connection has closed, this never settles. */
async function runIn<T>(
  tx: Transaction,
  isClosed: () => boolean,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  /** True if there is nothing left to roll back. A statement fails a moment before its connection is closed. */
  const isLost = async (error: unknown) => {
    for (let ms = 1; isConnectionLost(error) && !isClosed() && ms < 100; ms *= 2) await sleep(ms);
    return isClosed();
  };
  const unsafe = tx.unsafe.bind(tx);
  const savepoint = tx.savepoint.bind(tx);
  const part = <P>(work: (tx: Transaction) => Promise<P>) =>
    savepoint((inner) => runIn(inner, isClosed, work));
  try {
    const result = await work(
      Object.assign(tx, {
        unsafe: ((...statement: Parameters<typeof unsafe>) => {
          if (isClosed()) throw connectionClosed();
          return unsafe(...statement);
        }) as typeof unsafe,
        savepoint: part,
        begin: part, // drizzle's migrator begins a transaction, and runs in one
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
 * Socket errors name a system call; postgres.js's own begin with CONNECTION. A FATAL closes the connection whatever its
 * code; poolers send it in the older form, without the separate field.
 */
function isConnectionLost(error: unknown): boolean {
  const cause = error instanceof Error ? rootCause(error) : {};
  if (cause instanceof postgres.PostgresError) return (cause.severity ?? cause.severity_local) === "FATAL";
  return "syscall" in cause || ("code" in cause && String(cause.code).startsWith("CONNECTION_"));
}
