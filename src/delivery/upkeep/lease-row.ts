import { and, eq, sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import { senders } from "../../db/schema.ts";

/** How long a lease lasts without a renewal, in ms: a stand-by takes over this long after a crash. */
export const TTL_MS = 10_000;

/** Who wants the lease, and on what terms. */
export interface LeaseClaim {
  /** Names the process. */
  holder: string;
  /** No other process can reach this database, so anyone else who holds the lease is dead. */
  exclusive: boolean;
  /** Leaves a lease alone that has run out, because its holder may still come back. */
  patient: boolean;
}

/**
 * Takes or renews the lease for `TTL_MS`. Resolves false when another process holds it. One conditional upsert, by the
 * database's clock, because processes may disagree about the time.
 */
export async function takeLease(
  { db, homeId, botId }: Scope,
  { holder, exclusive, patient }: LeaseClaim,
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

/** Gives the lease back if `holder` still has it, and lets the stand-bys know. */
export async function giveBackLease(scope: Scope, holder: string): Promise<void> {
  await inTransaction(scope, async ({ db, botId, nudges }) => {
    const given = await db
      .update(senders)
      .set({ leaseHolder: null, leaseUntil: null })
      .where(and(eq(senders.botId, botId), eq(senders.leaseHolder, holder)))
      .returning({ botId: senders.botId });
    if (given.length > 0) await nudges?.send(db, botId, "lease");
  });
}

/** When the lease ends, in seconds by the database's clock; null when nobody has it. */
export async function endOfLease({ db, botId }: Scope): Promise<number | null> {
  const [row] = await query<{ end: number | null }>(
    db,
    sql`select extract(epoch from lease_until)::float8 as end from senders where bot_id = ${botId}`,
  );
  return row?.end ?? null;
}

/**
 * Ends the holder's connections if its lease has run out. If it was cut off in the middle of a transaction, its rows would
 * stay locked and the next holder would wait: between the two messages of one statement, PostgreSQL considers the
 * connection busy, not idle, and ends it only by `statement_timeout`. What arrives from it later has no effect.
 * @throws when the database does not let this user end connections.
 */
export async function disconnectLapsed({ db, botId }: Scope): Promise<void> {
  await db.execute(
    sql`select pg_terminate_backend(a.pid) from senders b join pg_stat_activity a on a.application_name = b.lease_holder
        where b.bot_id = ${botId} and b.lease_until < now()
          and a.datname = current_database() and a.usename = current_user`,
  );
}
