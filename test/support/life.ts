import { once } from "node:events";
import type { Clock } from "../../src/clock.ts";
import type { SendApi } from "../../src/content/render.ts";
import type { Db } from "../../src/db/connect.ts";

/** What the database does to the next statements. */
export type DatabaseFault =
  /** They do not happen, and that is said. */
  | "refuses"
  /** They happen, and the answer is lost. */
  | "forgets";

/**
 * All that an engine has of the world: its database, its way to Telegram, its clock. `die` ends it as kill -9 ends a
 * process: what was on its way may still happen, nothing new does, and no answer comes back.
 */
export interface Life {
  readonly over: boolean;
  /** Resolves at its end. */
  readonly ended: Promise<void>;
  die(): void;
  database(db: Db): Db;
  telegram(api: SendApi): SendApi;
  clock(clock: Clock): Clock;
  /** The database fails the next `count` statements, or transactions at their end. */
  strike(fault: DatabaseFault, count: number): void;
}

export interface Watch {
  /** Before each call; it may end the life. */
  onCall?: () => void;
  /** Before each statement, those of transactions too; it may end the life. */
  onStatement?: () => void;
}

class Dead extends Error {
  override readonly name = "Dead";
}

/** Ends a transaction that is to be rolled back: for the driver its connection is whole. */
class Refused extends Error {}

class Lost extends Error {
  readonly code = "CONNECTION_CLOSED";
}

const never = () => new Promise<never>(() => undefined);

/** Whatever is asked of it, and however the chain goes on, no answer ever comes. */
const silence: unknown = new Proxy(() => undefined, {
  get: (_target, name) => (name === "then" ? () => undefined : silence),
  apply: () => silence,
});

const STATEMENTS = new Set(["select", "insert", "update", "delete", "execute", "transaction"]);

export function createLife({ onCall, onStatement }: Watch = {}): Life {
  let over = false;
  const end = new AbortController();
  const ended = once(end.signal, "abort").then(() => undefined);
  let fault: { kind: DatabaseFault; left: number } | null = null;

  /** The answer of something that was begun alive; the dead hear none. */
  async function heard<T>(work: PromiseLike<T>): Promise<T> {
    try {
      const result = await work;
      return over ? await never() : result;
    } catch (error) {
      if (over) return never();
      throw error;
    }
  }

  function spent(): DatabaseFault | null {
    if (!fault || fault.left <= 0) return null;
    fault.left -= 1;
    return fault.kind;
  }

  async function transaction(db: Db, work: (tx: Db) => Promise<unknown>): Promise<unknown> {
    const trouble = spent();
    const done = db.transaction(async (tx) => {
      const result = await work(handle(tx, true));
      // A process that dies before the commit never sent it; the server rolls back.
      if (over) throw new Dead();
      if (trouble === "refuses") throw new Refused();
      return result;
    });
    const result = await heard(done).catch((error: unknown) => {
      throw error instanceof Refused ? new Lost("the commit failed") : error;
    });
    if (trouble === "forgets") throw new Lost("the answer to the commit is lost");
    return result;
  }

  async function execute(db: Db, statement: Parameters<Db["execute"]>[0]): Promise<unknown> {
    const trouble = spent();
    if (trouble === "refuses") throw new Lost("the statement failed");
    const result = await heard(db.execute(statement));
    if (trouble === "forgets") throw new Lost("the answer is lost");
    return result;
  }

  /** The database, or a transaction in it: that one throws for the dead, so that it is rolled back. */
  function handle(db: Db, within: boolean): Db {
    return new Proxy(db, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        if (!STATEMENTS.has(String(name))) return value.bind(target);
        return (...given: unknown[]) => {
          if (!over) onStatement?.();
          if (over && within) throw new Dead();
          if (over) return silence;
          if (within) return value.apply(target, given);
          if (name === "transaction") return transaction(target, given[0] as (tx: Db) => Promise<unknown>);
          if (name === "execute") return execute(target, given[0] as Parameters<Db["execute"]>[0]);
          return value.apply(target, given);
        };
      },
    });
  }

  return {
    get over() {
      return over;
    },
    ended,
    die() {
      over = true;
      end.abort();
    },
    strike(kind, count) {
      fault = { kind, left: count };
    },
    database: (db) => handle(db, false),
    telegram: (api) =>
      new Proxy(api, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== "function") return value;
          return (...given: unknown[]) => {
            if (!over) onCall?.();
            return over ? never() : heard(value.apply(target, given) as Promise<unknown>);
          };
        },
      }),
    clock: (clock) => ({
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      sleep: (ms, signal) => (over ? never() : heard(clock.sleep(ms, signal))),
    }),
  };
}
