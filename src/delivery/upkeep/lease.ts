import { and, eq, sql } from "drizzle-orm";
import { type Clock } from "../../clock.ts";
import { type Waiting, sayingWhoBlocks } from "../../db/blockers.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import type { Say } from "../../db/say.ts";
import { senders } from "../../db/schema.ts";
import type { Events } from "../../events.ts";
import { type Log, rootCause } from "../../log.ts";

/** The right to send for a bot, and to poll its updates. One process holds it. */
export interface Lease {
  /** Waits until this process holds the lease, then keeps it. Resolves false when stopped before that. */
  acquire(): Promise<boolean>;
  /** Whether calls may leave now. False as soon as the lease could be somebody else's. */
  held(): boolean;
  /** Since when this process has it without a break; null while it has not. */
  readonly since: Date | null;
  /** When it was lost last, and when it was back. */
  readonly lost: { at: Date; backAt: Date | null } | null;
  /** Gives it back, so that a stand-by goes on at once. */
  release(): Promise<void>;
}

/** How long the lease lasts without a renewal: a stand-by goes on this long after a crash. */
const TTL_MS = 10_000;
const RENEW_MS = 2_500;
/** The holder stops this long before the end, so that hardly a call of its own leaves beside another's. */
const MARGIN_MS = 2_000;

/**
 * The database was away, or went back to an older state: the holder may live, its lease have run out there only, and it alone
 * knows what it sent. A stand-by leaves it so long to take its lease again.
 */
const PATIENCE_MS = 10_000;

export interface LeaseDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  /** Names this process, and on a server each of its connections; unique. */
  holder: string;
  /** No other process can reach this database, so whoever held the lease is dead. */
  exclusive: boolean;
  events: Pick<Events, "emit">;
}

export function createLease({ scope, clock, log, events, holder, exclusive }: LeaseDeps): Lease {
  const stop = new AbortController();
  let heldUntil = -Infinity; // monotonic
  let since: Date | null = null;
  let lost: Lease["lost"] = null;
  let keeping: Promise<void> | null = null;
  let acquiring: Promise<boolean> = Promise.resolve(false);

  const say: Say = (sentence) => log.warn(sentence);
  const waiting: Waiting = { db: scope.db, session: holder, what: "to take the lease", say };

  const held = () => clock.monotonic() < heldUntil;

  /** `patient`: what has run out is not taken. */
  async function attempt(patient = false): Promise<boolean> {
    // Counted from before the statement: the database's own time begins later than this.
    const asked = clock.monotonic();
    const got = await take(scope, holder, exclusive, patient);
    heldUntil = got ? (exclusive ? Infinity : asked + TTL_MS - MARGIN_MS) : -Infinity;
    return got;
  }

  async function acquire(): Promise<boolean> {
    let told = false;
    let newest = -Infinity; // end of the lease, as seen so far
    let patientUntil = -Infinity; // monotonic
    const mayNot = (error: unknown) => {
      if (!isDenied(error)) throw error;
      if (!told) log.warn({ err: error }, "the connections of another holder could not be ended");
    };
    while (!stop.signal.aborted) {
      try {
        const end = exclusive ? null : await endOf(scope);
        if (end !== null && end < newest) patientUntil = clock.monotonic() + PATIENCE_MS;
        newest = Math.max(newest, end ?? -Infinity);
        const patient = clock.monotonic() < patientUntil;
        if (!exclusive && !patient) await disconnectLapsed(scope).catch(mayNot);
        if (await (exclusive ? attempt() : sayingWhoBlocks(waiting, attempt(patient)))) {
          since = clock.now();
          if (!exclusive) keeping = keep();
          return true;
        }
        if (!told) log.info("another process runs this bot; standing by");
      } catch (error) {
        if (!told) log.warn({ err: error }, "the database does not answer; standing by");
        patientUntil = clock.monotonic() + PATIENCE_MS;
      }
      told = true;
      await clock.sleep(1_000, stop.signal);
    }
    return false;
  }

  async function keep(): Promise<void> {
    while (!stop.signal.aborted) {
      await clock.sleep(RENEW_MS, stop.signal);
      if (stop.signal.aborted) return;
      const until = heldUntil;
      const answered = new AbortController();
      // On a connection that leads nowhere a renewal hangs for minutes, without an error.
      void clock
        .sleep(until - clock.monotonic(), answered.signal)
        .then(() => answered.signal.aborted || lose());
      try {
        const got = await attempt();
        const lapsed = clock.monotonic() >= until; // it was nobody's for a moment, or somebody else's
        if (!got) {
          since = null;
          log.error("lease lost to another process");
          events.emit("leaseTaken", null);
          return;
        }
        if ((since && !lapsed) || !held()) continue; // the answer may have come too late, too
        if (since) lost = { at: clock.now(), backAt: null };
        since = clock.now();
        lost = lost && { ...lost, backAt: since };
        log.info("lease regained");
        events.emit("leaseRegained", null);
      } catch (error) {
        if (!held()) lose(error);
      } finally {
        answered.abort();
      }
    }
  }

  /** Says so once. */
  function lose(error?: unknown): void {
    if (!since) return;
    since = null;
    lost = { at: clock.now(), backAt: null };
    log.warn(error ? { err: error } : {}, "lease lost, nothing is sent until it is back");
  }

  return {
    held,
    get since() {
      return held() ? since : null;
    },
    get lost() {
      return lost;
    },
    acquire() {
      acquiring = acquire();
      return acquiring;
    },
    async release() {
      stop.abort();
      // A renewal on its way would take the lease again behind our back.
      await acquiring.catch(() => false);
      await keeping;
      heldUntil = -Infinity;
      since = null;
      try {
        await scope.db
          .update(senders)
          .set({ leaseHolder: null, leaseUntil: null })
          .where(and(eq(senders.botId, scope.botId), eq(senders.leaseHolder, holder)));
      } catch (error) {
        log.warn({ err: error }, "the lease cannot be given back; it runs out by itself");
      }
    },
  };
}

/**
 * Ends the connections of the holder if its lease ran out. Cut off in the middle of a transaction, it would keep rows
 * locked, and whoever takes over waiting: between the two messages of one statement PostgreSQL takes it for busy, not
 * idle, and ends it only by `statement_timeout`. What arrives from it late has no effect then.
 */
async function disconnectLapsed({ db, botId }: Scope): Promise<void> {
  await db.execute(
    sql`select pg_terminate_backend(a.pid) from senders b join pg_stat_activity a on a.application_name = b.lease_holder
        where b.bot_id = ${botId} and b.lease_until < now()
          and a.datname = current_database() and a.usename = current_user`,
  );
}

/** Some hosts do not let everybody call every function. */
function isDenied(error: unknown): boolean {
  const cause = error instanceof Error ? rootCause(error) : {};
  return "code" in cause && cause.code === "42501";
}

/** When the lease ends, in seconds by the database's clock; null when nobody has it. */
async function endOf({ db, botId }: Scope): Promise<number | null> {
  const [row] = await query<{ end: number | null }>(
    db,
    sql`select extract(epoch from lease_until)::float8 as end from senders where bot_id = ${botId}`,
  );
  return row?.end ?? null;
}

/** One conditional upsert, by the database's clock: processes may disagree about the time. */
async function take(
  { db, homeId, botId }: Scope,
  holder: string,
  exclusive: boolean,
  patient: boolean,
): Promise<boolean> {
  const rows = await query<{ ok: boolean }>(
    db,
    sql`insert into senders (bot_id, home_id, lease_holder, lease_until)
        values (${botId}, ${homeId}, ${holder}, now() + ${TTL_MS}::float8 * interval '1 millisecond')
        on conflict (bot_id) do update set lease_holder = excluded.lease_holder, lease_until = excluded.lease_until
        where senders.lease_holder is null or senders.lease_holder = excluded.lease_holder
          or (senders.lease_until < now() and not ${patient}::boolean) or ${exclusive}::boolean
        returning true as ok`,
  );
  return rows.length > 0;
}
