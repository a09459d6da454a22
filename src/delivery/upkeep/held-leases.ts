import { and, eq, ne, sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import { type HomeScope, inTransaction } from "../../db/scope.ts";
import { processes, senders } from "../../db/schema.ts";
import { TTL_MS } from "./lease-row.ts";
import { type ProcessReport, storedReport } from "./process-report.ts";

/*
 * The leases of a home's senders, in statements for all of them: a process with 1,000 senders renews them with one. The
 * home's own bot has a lease of its own (lease.ts).
 */

export interface SurveyedLease {
  botId: number;
  holder: string | null;
  /** When it ends, in seconds by the database's clock; null when nobody has it. */
  end: number | null;
  /** Nobody has it, or it has run out. */
  free: boolean;
  /** It is this process's, and lasts for another TTL_MS. */
  renewed: boolean;
  /** The end of the pause that Telegram asked for, in ms since 1970; it may be over. */
  quietUntil: number | null;
}

const TTL = sql`${TTL_MS}::float8 * interval '1 millisecond'`;

/**
 * Says that this process is alive, and what its senders do if that has changed (`report`); renews its leases, and reads all of
 * them. A row that someone else has locked is skipped, so that one sender never holds up the renewal of the others; it is
 * renewed the next time.
 */
export async function surveyLeases(
  { db, homeId }: HomeScope,
  holder: string,
  report: ProcessReport | null,
): Promise<SurveyedLease[]> {
  const told = report && JSON.stringify(storedReport.store(report));
  return query<SurveyedLease>(
    db,
    sql`with me as (
          insert into processes (home_id, holder, seen_at, report) values (${homeId}, ${holder}, now(), ${told}::jsonb)
          on conflict (home_id, holder)
            do update set seen_at = excluded.seen_at, report = coalesce(excluded.report, processes.report)
        ), mine as (
          select bot_id from senders
          where home_id = ${homeId} and bot_id <> home_id and lease_holder = ${holder}
          order by bot_id for update skip locked
        ), renewed as (
          update senders s set lease_until = now() + ${TTL} from mine where s.bot_id = mine.bot_id returning s.bot_id
        )
        select s.bot_id::float8 as "botId", s.lease_holder as holder,
          extract(epoch from s.lease_until)::float8 as "end",
          s.lease_holder is null or s.lease_until is null or s.lease_until < now() as free,
          r.bot_id is not null as renewed,
          (extract(epoch from s.quiet_until) * 1000)::float8 as "quietUntil"
        from senders s left join renewed r on r.bot_id = s.bot_id
        where s.home_id = ${homeId} and s.bot_id <> s.home_id`,
  );
}

/** The other processes that share the senders, each with what it reports of its own. */
export async function listOthers(
  { db, homeId }: HomeScope,
  holder: string,
): Promise<(ProcessReport | null)[]> {
  const rows = await db
    .select({ holder: processes.holder, report: processes.report })
    .from(processes)
    .where(
      and(
        eq(processes.homeId, homeId),
        ne(processes.holder, holder),
        sql`${processes.seenAt} > now() - ${TTL}`,
      ),
    );
  return rows.map(({ report, holder: name }) => report && storedReport.parse(report, `process ${name}`));
}

/** Takes those of these leases that are still free. Resolves with the bots whose lease this process has now. */
export async function takeFreeLeases(
  { db, homeId }: HomeScope,
  holder: string,
  botIds: readonly number[],
): Promise<number[]> {
  const wanted = sql.join(
    botIds.map((botId) => sql`${botId}::bigint`),
    sql`, `,
  );
  const rows = await query<{ botId: number }>(
    db,
    sql`with free as (
          select bot_id from senders
          where home_id = ${homeId} and bot_id in (${wanted})
            and (lease_holder is null or lease_holder = ${holder} or lease_until is null or lease_until < now())
          order by bot_id for update skip locked
        )
        update senders s set lease_holder = ${holder}, lease_until = now() + ${TTL}
        from free where s.bot_id = free.bot_id
        returning s.bot_id::float8 as "botId"`,
  );
  return rows.map(({ botId }) => botId);
}

/** Gives all leases of senders back, and is no longer counted among the processes. */
export async function leaveHome(home: HomeScope, holder: string): Promise<void> {
  await inTransaction(home, async ({ db, homeId, nudges }) => {
    await db.delete(processes).where(and(eq(processes.homeId, homeId), eq(processes.holder, holder)));
    const given = await db
      .update(senders)
      .set({ leaseHolder: null, leaseUntil: null })
      .where(and(eq(senders.homeId, homeId), ne(senders.botId, homeId), eq(senders.leaseHolder, holder)))
      .returning({ botId: senders.botId });
    for (const { botId } of given) await nudges?.send(db, botId, "lease");
  });
}

/** Forgets processes that ended long ago without a farewell. */
export async function forgetDeadProcesses({ db, homeId }: HomeScope): Promise<void> {
  await db
    .delete(processes)
    .where(and(eq(processes.homeId, homeId), sql`${processes.seenAt} < now() - interval '1 day'`));
}

/**
 * Ends the connections of processes that are dead and still have leases, as disconnectLapsed() does for the home's. A process
 * that is alive and has lost one lease keeps its connections.
 * @throws when the database does not let this user end connections.
 */
export async function disconnectDead({ db, homeId }: HomeScope): Promise<void> {
  await db.execute(
    sql`select pg_terminate_backend(a.pid) from pg_stat_activity a
        where a.datname = current_database() and a.usename = current_user
          and a.application_name in (select s.lease_holder from senders s
            where s.home_id = ${homeId} and s.bot_id <> s.home_id and s.lease_until < now())
          and not exists (select from processes p
            where p.home_id = ${homeId} and p.holder = a.application_name and p.seen_at > now() - ${TTL})`,
  );
}
