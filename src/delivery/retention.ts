import { Cron } from "croner";
import { type SQL, and, eq, inArray, lt, lte, sql } from "drizzle-orm";
import { OVER_STATES } from "../campaign/campaign.ts";
import type { Clock } from "../clock.ts";
import { type Scope, inTransaction, query } from "../db/connect.ts";
import { campaigns } from "../db/schema.ts";
import type { Log } from "../log.ts";
import type { Lease } from "./lease.ts";

/** Deletes the deliveries of campaigns that have been over for long, and who voted for what. Their totals stay. */
export interface Retention {
  start(): void;
  /** Drops what is old now; resolves when that is done, or Herald stops, or the lease is lost. */
  sweep(): Promise<void>;
  /** The batch under way may end. */
  stop(): Promise<void>;
}

export interface RetentionDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  lease: Pick<Lease, "held">;
  /** Days that deliveries and votes are kept after the end of their campaign; 0 keeps them for ever. */
  days: number;
}

/** Hourly, at a minute when hardly anybody starts a broadcast: those begin on the hour, the half and the quarter. */
const EVERY_HOUR = "23 * * * *";

const DAY_MS = 86_400_000;

/**
 * Rows deleted in one statement: some 6 ms on a server and embedded, where the process stands still meanwhile.
 * A million takes half a minute, most of it waiting.
 */
const BATCH = 2_000;

/** The database works on this for a tenth of the time, the rest belongs to the broadcasts. */
const WAIT_FOR_EACH_MS = 9;
const SHORTEST_WAIT_MS = 50;

export function createRetention({ scope, clock, log, lease, days }: RetentionDeps): Retention {
  const stopping = new AbortController();
  const stop = stopping.signal;
  let sweeping: Promise<void> = Promise.resolve();

  const trouble = (error: unknown) =>
    log.warn({ err: error }, "old deliveries cannot be dropped, trying later");
  const clockwork = new Cron(EVERY_HOUR, { paused: true, protect: true, catch: trouble }, () => sweep());

  const goesOn = () => !stop.aborted && lease.held();

  function sweep(): Promise<void> {
    const done = dropAllOld();
    sweeping = done.catch(() => undefined);
    return done;
  }

  async function dropAllOld(): Promise<void> {
    if (days === 0 || !goesOn()) return;
    const before = new Date(clock.now().getTime() - days * DAY_MS);
    for (const { id } of await listOld(scope, before)) {
      if (!goesOn()) return;
      const begun = await beginDrop(scope, id, before, clock.now());
      if (begun && (await dropAll(id, begun)))
        log.info({ campaign: id, deliveries: begun.total }, "old deliveries dropped");
    }
    if (!goesOn()) return;
    for (const { id } of await listVoted(scope))
      if (await dropVotes(id)) log.info({ campaign: id }, "old votes dropped");
  }

  /** Resolves true when nothing is left of them. */
  async function dropAll(campaignId: number, { droppedTo, total }: Begun): Promise<boolean> {
    for (let from = droppedTo; from < total;) {
      if (!goesOn()) return false;
      const to = Math.min(from + BATCH, total);
      const asked = clock.monotonic();
      if (!(await dropBatch(scope, campaignId, from, to))) return false; // another process is at it
      from = to;
      await rest(asked);
    }
    return true;
  }

  /** Resolves true when none is left. */
  async function dropVotes(campaignId: number): Promise<boolean> {
    for (let from = 0; goesOn();) {
      const asked = clock.monotonic();
      const last = await dropVotesBehind(scope, campaignId, from);
      if (last === null) return true;
      from = last;
      await rest(asked);
    }
    return false;
  }

  async function rest(asked: number): Promise<void> {
    await clock.sleep(Math.max(SHORTEST_WAIT_MS, (clock.monotonic() - asked) * WAIT_FOR_EACH_MS), stop);
  }

  return {
    start() {
      if (days > 0) clockwork.resume();
    },
    sweep,
    async stop() {
      clockwork.stop();
      stopping.abort();
      await sweeping;
    },
  };
}

/** Over since before `before`, with deliveries left. Without an end there is no telling how old it is. */
function isOld({ botId }: Scope, before: Date): SQL | undefined {
  return and(
    eq(campaigns.botId, botId),
    inArray(campaigns.state, OVER_STATES),
    lte(campaigns.finishedAt, before),
    lt(campaigns.droppedTo, campaigns.total),
  );
}

/** The longest over first. Those whose dropping was cut short are among them. */
async function listOld(scope: Scope, before: Date): Promise<{ id: number }[]> {
  return scope.db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(isOld(scope, before))
    .orderBy(campaigns.finishedAt, campaigns.id);
}

interface Begun {
  droppedTo: number;
  total: number;
}

/**
 * Marks a campaign: from here on nobody in it can be retried (`retry` looks for the mark in the UPDATE that moves the
 * same row). Null when it was retried first, and so is not over any more.
 */
async function beginDrop(scope: Scope, campaignId: number, before: Date, now: Date): Promise<Begun | null> {
  const [row] = await scope.db
    .update(campaigns)
    .set({
      detailsDroppedAt: sql`coalesce(${campaigns.detailsDroppedAt}, ${now.toISOString()}::timestamptz)`,
    })
    .where(and(isOld(scope, before), eq(campaigns.id, campaignId)))
    .returning({ droppedTo: campaigns.droppedTo, total: campaigns.total });
  return row ?? null;
}

/**
 * Deletes the deliveries behind `from` up to `to`, and notes how far it came, in one statement: killed before or after
 * it, the next run goes on there. A range of the primary key, because `limit` would walk over all that was deleted
 * before each time. False when somebody else moved on from `from` meanwhile.
 */
async function dropBatch(
  { db, botId }: Scope,
  campaignId: number,
  from: number,
  to: number,
): Promise<boolean> {
  const rows = await query<{ id: number }>(
    db,
    sql`with moved as (
          update campaigns set dropped_to = ${to}::int
          where bot_id = ${botId} and id = ${campaignId} and dropped_to = ${from}::int and details_dropped_at is not null
          returning id
        ), dropped as (
          delete from deliveries
          where bot_id = ${botId} and campaign_id = ${campaignId} and seq > ${from}::int and seq <= ${to}::int
            and exists (select from moved)
        )
        select id::float8 as id from moved`,
  );
  return rows.length > 0;
}

/**
 * Campaigns that were marked and have votes: a vote that was under way then is found an hour later. A subquery with a
 * limit is looked up for each; `exists` would read all votes when there are many campaigns.
 */
async function listVoted({ db, botId }: Scope): Promise<{ id: number }[]> {
  return query<{ id: number }>(
    db,
    sql`select c.id::float8 as id from campaigns c
        where c.bot_id = ${botId} and c.details_dropped_at is not null
          and (select v.user_id from votes v where v.bot_id = ${botId} and v.campaign_id = c.id limit 1) is not null
        order by c.id`,
  );
}

/** Deletes a batch of votes, of the people behind `from`; returns the last of them, null when there was none. */
async function dropVotesBehind(scope: Scope, campaignId: number, from: number): Promise<number | null> {
  return inTransaction(scope, async ({ db, botId }) => {
    // In key order by the index, and no further than the batch. Without statistics all that is left would be read and
    // sorted for each batch: a million rows instead of 2,000.
    await db.execute(sql`set local enable_sort = off`);
    const [row] = await query<{ last: number | null }>(
      db,
      sql`with batch as (
            select user_id from votes
            where bot_id = ${botId} and campaign_id = ${campaignId} and user_id > ${from}::bigint
            order by user_id limit ${BATCH}
          ), dropped as (
            delete from votes
            where bot_id = ${botId} and campaign_id = ${campaignId} and user_id > ${from}::bigint
              and user_id <= (select max(user_id) from batch)
          )
          select max(user_id)::float8 as last from batch`,
    );
    return row?.last ?? null;
  });
}
