import { once } from "node:events";
import type { Clock } from "../../src/clock.ts";
import type { SendApi } from "../../src/telegram/api-call.ts";
import type { Db } from "../../src/db/connect.ts";

/** How the database fails the next statements. */
export type DatabaseFault =
  /** It does not run them, and says so. */
  | "refuses"
  /** It runs them, but the answer is lost. */
  | "forgets";

/**
 * Everything an engine has of the outside world: its database, its connection to Telegram, its clock. `die` ends it as
 * kill -9 ends a process: what was on its way may still happen, nothing new does, and no answer comes back.
 */
export interface Life {
  readonly over: boolean;
  /** Resolves when it ends. */
  readonly ended: Promise<void>;
  die(): void;
  database(db: Db): Db;
  telegram(api: SendApi): SendApi;
  clock(clock: Clock): Clock;
  /** Makes the database fail the next `count` statements, or transactions at their commit. */
  strike(fault: DatabaseFault, count: number): void;
}

export interface Watch {
  /** Called before each call to Telegram; may end the life. */
  onCall?: () => void;
  /** Called before each statement, including those in transactions; may end the life. */
  onStatement?: () => void;
}

class Dead extends Error {
  override readonly name = "Dead";
}

/** Thrown to roll a transaction back, without breaking the driver's connection. */
class Refused extends Error {}

class Lost extends Error {
  readonly code = "CONNECTION_CLOSED";
}

const never = () => new Promise<never>(() => undefined);

/** Accepts any call and any chain of calls, and never answers. */
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

  /** Passes on the answer to work begun while alive; after death, no answer comes. */
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
      // A process that dies before the commit never sends it, so the server rolls back.
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

  /** The database, or a transaction in it. After death a transaction throws, so that it is rolled back. */
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
