import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { PgliteSession } from "drizzle-orm/pglite/session";
import { PostgresJsSession } from "drizzle-orm/postgres-js/session";

/*
 * Loaded into a Herald process before anything else (spawnHerald with `sabotaged`). It takes orders from the test: die
 * at a statement, as by kill -9; wait after one; or set the clock.
 */

export type Sabotage =
  | {
      /**
       * `before`: the statement never reaches the database. `after`: it does, but a transaction around it is still
       * open. `committed`: the transaction around it has ended, too, and nothing follows.
       */
      die: "before" | "after" | "committed";
      /** A pattern that matches the SQL. */
      statement: string;
      /** Which matching statement to die at, counted from now on; default 1. */
      nth?: number;
      /** Count only statements that changed something; not with `before`. */
      effective?: boolean;
    }
  /** After the next matching statement, sends `held` and continues after `hold` ms. */
  | { hold: number; statement: string }
  | { setClockBy: number };

interface Session {
  prepareQuery(query: { sql: string }, ...rest: unknown[]): { execute(values?: unknown): Promise<unknown> };
  transaction(work: (tx: unknown) => Promise<unknown>, config?: unknown): Promise<unknown>;
}

let order: (Extract<Sabotage, { die: string }> & { left: number }) | null = null;
let hold: Extract<Sabotage, { hold: number }> | null = null;
const transactions = new AsyncLocalStorage<{ doomed: boolean }>();

function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
}

async function held(statement: Promise<unknown>): Promise<unknown> {
  const ms = hold?.hold ?? 0;
  hold = null;
  const result = await statement;
  process.send?.("held");
  await delay(ms);
  return result;
}

/** Whether the statement matches the order's pattern. */
function matches(statement: string): boolean {
  return order !== null && new RegExp(order.statement, "i").test(statement);
}

/** Counts a matching statement. True if it is the one to die at. */
function isIt(): boolean {
  if (order) order.left -= 1;
  return order?.left === 0;
}

/** `.returning()` gives an array; raw SQL, an array or an object with one. A claim that finds nothing gives a row without a `batch`. */
function rowsIn(result: unknown): number {
  const rows = Array.isArray(result) ? result : ((result as { rows?: unknown[] }).rows ?? []);
  return rows.filter((row: { batch?: unknown }) => row.batch !== null).length;
}

// Both drivers' sessions have these methods, but with different types.
for (const session of [PgliteSession.prototype, PostgresJsSession.prototype] as unknown as Session[]) {
  const { prepareQuery, transaction } = session;
  session.prepareQuery = function (query, ...rest) {
    const prepared = prepareQuery.call(this, query, ...rest);
    const execute = prepared.execute.bind(prepared);
    prepared.execute = async (values) => {
      if (hold && new RegExp(hold.statement, "i").test(query.sql)) return held(execute(values));
      if (!matches(query.sql)) return execute(values);
      if (order?.die === "before" && isIt()) await die();
      const result = await execute(values);
      if (order?.die === "before" || (order?.effective && rowsIn(result) === 0) || !isIt()) return result;
      const around = transactions.getStore();
      if (order?.die === "after" || !around) await die();
      else around.doomed = true;
      return result;
    };
    return prepared;
  };
  session.transaction = async function (work, config) {
    const around = { doomed: false };
    const result = await transactions.run(around, () => transaction.call(this, work, config));
    if (around.doomed) await die();
    return result;
  };
}

const RealDate = Date;
let ahead = 0;
class SetDate extends RealDate {
  constructor(...given: unknown[]) {
    // With arguments, the caller chooses the instant.
    super(...((given.length === 0 ? [RealDate.now() + ahead] : given) as [number]));
  }
  static override now(): number {
    return RealDate.now() + ahead;
  }
}
globalThis.Date = SetDate as DateConstructor;

function take(message: Sabotage): void {
  if ("setClockBy" in message) ahead += message.setClockBy;
  else if ("hold" in message) hold = message;
  else order = { ...message, left: message.nth ?? 1 };
}

// An order for the first statements comes in the environment.
const first = process.env["SABOTAGE"];
if (first) take(JSON.parse(first) as Sabotage);
process.on("message", (message: Sabotage) => {
  take(message);
  process.send?.("done");
});
// The channel must not keep the process alive.
process.channel?.unref();
